/** Takes secrets out of a text; the same text when there is none. */
export type Redact = (text: string) => string
