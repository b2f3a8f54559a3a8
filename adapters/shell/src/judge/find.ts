import type { CommandRisk } from "@skein/core/ports"
import type { Word } from "../syntax/nodes.ts"
import { type Verdict, verdict } from "./verdict.ts"

const BARE = new Set(
  "-H -L -P -O0 -O1 -O2 -O3 -daystart -depth -d -follow -help -ignore_readdir_race -mount -noignore_readdir_race -noleaf -nowarn -version -warn -xdev -empty -executable -false -nogroup -nouser -readable -true -writable -print -print0 -prune -quit -ls -not -a -and -o -or ! ( ) ,".split(
    " ",
  ),
)
const VALUED = new Set(
  "-maxdepth -mindepth -regextype -amin -anewer -atime -cmin -cnewer -context -ctime -fstype -gid -group -ilname -iname -inum -ipath -iregex -iwholename -links -lname -mmin -mtime -name -newer -newerBt -newermt -newerat -newerct -newermm -path -perm -regex -samefile -size -type -uid -used -user -wholename -xtype -printf -D".split(
    " ",
  ),
)
const ACTIONS: Readonly<Record<string, readonly [CommandRisk, string]>> = {
  "-delete": ["destroy", "find -delete removes what it finds"],
  "-exec": ["read", "find runs what follows for what it finds"],
  "-execdir": ["read", "find runs what follows for what it finds"],
  "-ok": ["read", "find runs what follows for what it finds"],
  "-okdir": ["read", "find runs what follows for what it finds"],
  "-fprint": ["write", "find writes what it finds to a file"],
  "-fprint0": ["write", "find writes what it finds to a file"],
  "-fprintf": ["write", "find writes what it finds to a file"],
  "-fls": ["write", "find writes what it finds to a file"],
}

/** `find`: where it looks, its tests, and what it does with what it finds. */
export function judgeFind(rest: readonly Word[]): Verdict {
  const risks: CommandRisk[] = ["read"]
  const reasons: string[] = []
  const powerful: string[] = []
  const reads: Word[] = []
  const writes: Word[] = []
  let isBehindPaths = false
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]
    if (word === undefined) continue
    const text = word.value
    const action = text !== undefined && Object.hasOwn(ACTIONS, text) ? ACTIONS[text] : undefined
    if (action !== undefined && text !== undefined) {
      isBehindPaths = true
      risks.push(action[0])
      reasons.push(action[1])
      powerful.push(text)
      if (text.startsWith("-f")) {
        at += 1
        const file = rest[at]
        if (file !== undefined) writes.push(file)
        if (text === "-fprintf") at += 1
      } else if (text !== "-delete") {
        // What it runs is listed by itself.
        while (
          at < rest.length &&
          rest[at]?.value !== ";" &&
          !(rest[at]?.value === "+" && rest[at - 1]?.value === "{}")
        )
          at += 1
      }
    } else if (text !== undefined && VALUED.has(text)) {
      isBehindPaths = true
      at += 1
    } else if (text !== undefined && BARE.has(text)) {
      isBehindPaths = isBehindPaths || !/^-[HLPO]/.test(text)
    } else if (
      !isBehindPaths &&
      (text === undefined ? word.head !== "" && !/^[-(!]/.test(word.head) && !word.isSplit : !text.startsWith("-"))
    ) {
      reads.push(word)
    } else {
      risks.push("unknown")
      reasons.push(`find ${word.text} is not known to only read`)
      powerful.push(word.text)
    }
  }
  return verdict(risks, reasons[0] ?? "find only looks", { powerful, reads, writes, keeps: 0 })
}
