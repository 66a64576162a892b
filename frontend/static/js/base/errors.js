/** An error whose message is shown to the user. Any other error is a bug and is reported as one. */
export class UserError extends Error {
  name = 'UserError';
}

/** An error response of the server, with its HTTP status. */
export class RequestError extends UserError {
  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}
