/** The beginning of an answer's text, and no more of it is read: a body may be endless. */
export async function beginningOf({ body }: Response, charsMax: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  for await (const piece of body ?? []) {
    text += decoder.decode(piece, { stream: true })
    if (text.length > charsMax) break
  }
  return text.slice(0, charsMax)
}
