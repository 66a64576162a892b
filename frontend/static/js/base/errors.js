/** An error whose message is for the person at the page. Every other error is a fault of the page and is reported as one. */
export class UserError extends Error {
  name = 'UserError';
}

/** A server's refusal, with its HTTP status. */
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
