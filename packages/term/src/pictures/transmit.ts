import type { PicturePlace } from "./placeholders.ts"

/**
 * Gives the terminal a PNG and says which cells it will stand in (`pictureLines`), without drawing it or moving the cursor. A
 * terminal that has a picture of this number takes this one in its place. Nothing is answered, whatever the bytes are.
 */
export function pictureGiven(place: PicturePlace, png: Uint8Array): string {
  // Made here, so that nothing else than base64 stands between the marks of the sequence.
  const encoded = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64")
  const { id, columns, rows } = place
  let bytes = ""
  for (let at = 0; at === 0 || at < encoded.length; at += CHUNK) {
    const isLast = at + CHUNK >= encoded.length
    const what = at === 0 ? `a=T,U=1,f=100,i=${id},c=${columns},r=${rows},q=2` : "q=2"
    bytes += `${OPEN}${what},m=${isLast ? 0 : 1};${encoded.slice(at, at + CHUNK)}${CLOSE}`
  }
  return bytes
}

/** Has the terminal forget a picture: where it stood is blank. */
export function pictureTaken(id: number): string {
  return `${OPEN}a=d,d=I,i=${id},q=2${CLOSE}`
}

const OPEN = "\u001b_G"
const CLOSE = "\u001b\\"
/** Of base64 in one sequence; what terminals take at most. */
const CHUNK = 4096
