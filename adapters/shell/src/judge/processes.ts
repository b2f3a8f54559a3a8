import type { Word } from "../syntax/nodes.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** `ps e` shows the environment of others, and with it their keys. */
export function judgeProcesses(rest: readonly Word[]): Verdict | undefined {
  const showing = rest.filter(({ value }, at) => {
    const isValue = /^-[a-zA-Z]*[opCGgUutOqs]$|^--[a-z]+$/.test(rest[at - 1]?.value ?? "")
    return isValue
      ? /\benviron\b/.test(value ?? "environ")
      : /^[a-zA-Z]*e[a-zA-Z]*$|environ|^-E/.test(value ?? "environ")
  })
  return showing.length === 0
    ? undefined
    : verdict(["unknown"], "ps shows the environment of other processes", { powerful: showing.map(({ text }) => text) })
}
