/** A yes, or an answer, that comes this soon after a question was begun before it could be read. */
export const READING_MS = 400
