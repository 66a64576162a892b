/** German. One line a text: 'English = Deutsch'. */
export default `
Undo = Rückgängig
`;
