import { realFolder } from "./folder.ts"

/** A session stays in the folder it was made for. */
export function otherFolder(own: string, asked: string): readonly string[] {
  return realFolder(own) === realFolder(asked) ? [] : [`This session works in ${own}, not in ${asked}.`]
}
