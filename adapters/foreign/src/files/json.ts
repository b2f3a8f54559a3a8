import { type Json, parseObject } from "@skein/protocol/json"
import { opened } from "./lines.ts"

/** What is nested deeper was made to break its reader: what walks through a value takes a step of the stack for each. */
const DEPTH_MAX = 500
/** A file of JSON this large is no description of a session, and no export that one could have made. */
export const JSON_BYTES_MAX = 256 * 1024 * 1024

/** A text as the object that it holds; undefined for anything else, and for what is nested too deep. */
export function objectOf(text: string): Json | undefined {
  return isTooDeep(text) ? undefined : parseObject(text)
}

/** As `objectOf`, for a whole file; one that is too large holds none. */
export async function objectIn(path: string): Promise<Json | undefined> {
  await using file = await opened(path)
  return (await file.stat()).size > JSON_BYTES_MAX ? undefined : objectOf(await file.readFile("utf8"))
}

function isTooDeep(text: string): boolean {
  return hasManyOf(text, "[") || hasManyOf(text, "{") ? depthOf(text) > DEPTH_MAX : false
}

/** Quick to say no, which is the answer for nearly every line. */
function hasManyOf(text: string, opening: string): boolean {
  let count = 0
  for (let at = text.indexOf(opening); at >= 0 && count <= DEPTH_MAX / 2; at = text.indexOf(opening, at + 1)) count++
  return count > DEPTH_MAX / 2
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x22) at = endOfString(text, at)
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (char === 0x5d || char === 0x7d) depth--
  }
  return deepest
}

/** The quote that ends the string which begins here. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x5c) at++
    else if (char === 0x22) return at
  }
  return text.length
}
