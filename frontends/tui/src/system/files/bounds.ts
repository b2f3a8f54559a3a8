/** So many files are enough to complete from; a folder of more is cut. */
export const FILES_MAX = 50_000
