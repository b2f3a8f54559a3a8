/**
 * A question in the language of FTS5, one expression for each word or quoted phrase; the last word also as a beginning.
 * Empty when there is nothing to look for.
 */
export function termsOf(question: string): readonly string[] {
  const terms = [...question.matchAll(/"([^"]*)"?|([^\s"]+)/gu)].flatMap(([, phrase, word]) => {
    const term = phrase ?? word ?? ""
    return /[\p{L}\p{N}\p{Co}]/u.test(term) ? [{ term, isWord: word !== undefined }] : []
  })
  return terms.map(({ term, isWord }, index) => {
    const quoted = `"${spaced(term.replaceAll("\0", " "))}"`
    return isWord && index === terms.length - 1 ? `${quoted} *` : quoted
  })
}

/** A text as it is kept for searching: without marks of ours, and words where its script has no spaces between them. */
export function searchable(text: string): string {
  return spaced(text.replace(/[\ue000\ue001]/g, ""))
}

/** What a person reads of it. */
export function readable(text: string): string {
  return text.replaceAll(INVISIBLE, "").replace(/\s+/g, " ")
}

/** A space of no width, which FTS5 takes for one. */
const INVISIBLE = "\u200b"
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}"
const IS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u")
const BETWEEN = new RegExp(`(?<=[${UNSPACED}])(?=[\\p{L}\\p{N}])|(?<=[\\p{L}\\p{N}])(?=[${UNSPACED}])`, "gu")

/** Each character of such a script is a word, so that any part of a sentence is found as a phrase. */
function spaced(text: string): string {
  return IS_UNSPACED.test(text) ? text.replace(BETWEEN, INVISIBLE) : text
}
