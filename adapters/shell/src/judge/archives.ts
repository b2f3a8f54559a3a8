import type { Word } from "../syntax/nodes.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** An archive on another machine, `host:file`, which tar starts a remote shell for. */
export function isElsewhere({ value, head }: Word): boolean {
  return /^(?!--(?!file=))[^/]*:/.test(value ?? head)
}

export function judgeTarElsewhere(rest: readonly Word[]): Verdict {
  const named = rest.filter(isElsewhere).map(({ text }) => text)
  return verdict(["execute", "write", "network"], "tar reaches an archive on another machine", { powerful: named })
}
