import { GIT_GLOBAL, GIT_VERBS, type GitVerb } from "../know/git.ts"
import { GIT_INNER } from "../know/git-inner.ts"
import { optionsOf, type Read, readOptions } from "../know/options.ts"
import type { Word } from "../syntax/nodes.ts"
import { hostIn } from "./hosts.ts"
import { isPowerful } from "./powers.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** Settings that name what runs, or where things go. */
const RUNNING_KEY =
  /^(?:core\.(?:fsmonitor|hookspath|sshcommand|editor|pager|gitproxy|askpass|worktree|attributesfile|alternaterefscommand)|alias\.|.*\.(?:command|textconv|process|clean|smudge|driver|program|cmd|path|helper|uploadpack|receivepack|pushurl|proxy|editor|vcs)$|credential|filter\.|include|url\.|pager\.|sequence\.|init\.templatedir|http|remote\.|sendemail|gpg\.|difftool|mergetool|uploadpack|protocol|safe|trailer|web\.|browser|man\.)/i

export function judgeGit(words: readonly Word[]): Verdict {
  const global = readOptions(words, optionsOf(GIT_GLOBAL), { stopsAtOperand: true })
  const odd = global.strange
  const places = global.given.flatMap(({ name: option, value: place }) => (option === "-C" ? (place ?? []) : []))
  const [first, ...rest] = global.operands
  const name = first?.value
  if (name === undefined) {
    if (first === undefined && odd.length === 0) return verdict("read", "git shows its help or version")
    return verdict(
      "unknown",
      `git's verb is only known when it runs, or it is told to run something: ${odd.join(" ")}`,
      { powerful: [...odd, "git"] },
    )
  }
  const verb = Object.hasOwn(GIT_VERBS, name) ? GIT_VERBS[name] : undefined
  if (verb === undefined)
    return verdict("unknown", `git ${name} is no verb of git's own; the repository may define it`, { powerful: odd })
  const judged = judgeVerb(name, verb, rest)
  if (odd.length === 0) return { ...judged, reads: [...(judged.reads ?? []), ...places] }
  const risks = judged.risks.includes("read") ? (["unknown"] as const) : ([...judged.risks, "unknown"] as const)
  return {
    ...judged,
    risks,
    reason: `git is told what to run or use by ${odd.join(" ")}`,
    powerful: [...odd, ...(judged.powerful ?? [])],
  }
}

function judgeVerb(name: string, verb: GitVerb, rest: readonly Word[]): Verdict {
  const special = SPECIAL[name]?.(rest)
  if (special !== undefined) return special
  const powers = powersOf(verb, rest)
  const inner = Object.hasOwn(GIT_INNER, name) ? GIT_INNER[name] : undefined
  if (inner !== undefined) {
    const found = innerVerb(name, inner, verb, rest)
    if (found !== undefined)
      return {
        ...found,
        risks: [...found.risks, ...powers.map(({ risk }) => risk)],
        powerful: [...(found.powerful ?? []), ...powers.map(({ text }) => text)],
      }
  }
  if (verb.options !== undefined) {
    const read = readOptions(rest, optionsOf(verb.options))
    const isOver =
      verb.operandsMax !== undefined &&
      read.operands.length > verb.operandsMax &&
      !read.given.some(({ name: option }) => option === "-l" || option === "--list")
    if (read.strange.length === 0 && !isOver)
      return verdict("read", `git ${name} only shows`, { keeps: 1, reads: filesOf(name, read, rest) })
    if (verb.risk === "read") {
      const risks = powers.length > 0 ? powers.map(({ risk }) => risk) : (["unknown"] as const)
      const why = powers[0]?.why ?? "is not known to only read"
      return verdict(risks, `git ${name} ${read.strange.join(" ")} ${why}`, { powerful: read.strange, keeps: 1 })
    }
  }
  const hosts = verb.needsNetwork === true ? rest.flatMap(({ value }) => hostIn(value ?? "") ?? []) : []
  // A remote goes by its name; an address could be anybody's, and some forms of it run a program.
  const addresses =
    verb.needsNetwork === true ? rest.filter(({ value }) => value !== undefined && /::|:\/\/|^[^-]*:/.test(value)) : []
  const worst = powers[0]
  const reason =
    worst === undefined ? `git ${name} ${WHY[verb.risk] ?? "acts"}` : `git ${name} ${worst.text} ${worst.why}`
  return verdict([verb.risk, ...powers.map(({ risk }) => risk)], reason, {
    powerful: [...powers, ...(name === "clone" ? [] : addresses)].map(({ text }) => text),
    hosts,
    keeps: name === "clone" ? "all" : 1,
  })
}

/** Options of git's verbs whose value is a file that it reads. */
const FILE_OPTIONS: Readonly<Record<string, RegExp>> = {
  grep: /^-f$/,
  blame: /^(?:-S|--ignore-revs-file|--contents)$/,
  "ls-files": /^(?:-X|--exclude-from)$/,
}

/** Files that it names for certain, and what else may lie anywhere: git compares and searches outside of a repository too. */
function filesOf(name: string, { operands, given }: Read, rest: readonly Word[]): readonly Word[] {
  const hasPattern = name !== "grep" || given.some((option) => option.name === "-e" || option.name === "-f")
  const named = given.flatMap((option) => (FILE_OPTIONS[name]?.test(option.name) === true ? (option.value ?? []) : []))
  const paths = operands.slice(hasPattern ? 0 : 1)
  const end = rest.findIndex(({ value }) => value === "--")
  const isFiles = /^(?:blame|annotate|ls-files)$/.test(name) || given.some((option) => option.name === "--no-index")
  const isFile = (word: Word) =>
    isFiles || (end >= 0 && rest.indexOf(word) > end) || /^(?:\/|~)|(?:^|\/)\.\.(?:\/|$)/.test(word.value ?? word.head)
  return [...paths.filter((word) => isFile(word) && !word.value?.startsWith(":")), ...named]
}

const WHY: Readonly<Record<string, string>> = {
  write: "changes the repository or its files",
  destroy: "takes away what may not be kept elsewhere",
  network: "talks to a remote",
  publish: "sends to a remote",
  execute: "runs other programs",
  escalate: "changes what runs later",
  unknown: "can do many things",
}

function powersOf(verb: GitVerb, rest: readonly Word[]) {
  return Object.entries(verb.powerful ?? {}).flatMap(([option, [risk, why]]) => {
    const word = rest.find(({ value }) => isPowerful(value, option))
    return word === undefined ? [] : [{ risk, why, text: word.text }]
  })
}

function innerVerb(
  name: string,
  inner: NonNullable<(typeof GIT_INNER)[string]>,
  verb: GitVerb,
  rest: readonly Word[],
): Verdict | undefined {
  const first = rest[0]
  if (first !== undefined && first.value === undefined)
    return verdict("unknown", `What git ${name} does is only known when it runs`, { powerful: [first.text] })
  const isNamed = first?.value !== undefined && !first.value.startsWith("-")
  const word = isNamed ? first.value : ""
  const found = Object.hasOwn(inner, word) ? inner[word] : undefined
  if (found === undefined)
    return isNamed && name === "reflog"
      ? undefined
      : verdict(
          [verb.risk === "read" ? "unknown" : verb.risk, "unknown"],
          `git ${name} ${first?.text ?? ""} is not known`,
          { powerful: isNamed ? [] : rest.map(({ text }) => text) },
        )
  const [risk, why] = found
  const strange = rest
    .slice(isNamed ? 1 : 0)
    .filter(
      ({ value }) =>
        value === undefined ||
        /^-(?!-?(?:v|verbose|p|q|quiet|porcelain|name-only|stat|oneline|n|m|u|include-untracked|message|index|recursive|json|all|\d+)\b)/.test(
          value,
        ),
    )
  // `git bisect view` runs whatever verb it is given.
  const isRunningVerb = name === "bisect" && word === "view" && rest.length > 1
  const isOnlyRead = risk === "read" && (strange.length > 0 || hasVerbLater(rest, isNamed) || isRunningVerb)
  const shown = isNamed ? 2 : 1
  return verdict(isOnlyRead ? "unknown" : risk, `git ${name} ${why}`, {
    keeps: shown,
    powerful: isOnlyRead
      ? [...strange.map(({ text }) => text), ...(strange.length === 0 ? ["a verb behind options"] : [])]
      : [],
  })
}

/** `git remote -v update`: the verb stands behind an option. */
function hasVerbLater(rest: readonly Word[], isNamed: boolean): boolean {
  return !isNamed && rest.some(({ value }) => value === undefined || !value.startsWith("-"))
}

/** Verbs whose words decide more than their options do. */
const SPECIAL: Readonly<Record<string, (rest: readonly Word[]) => Verdict | undefined>> = {
  checkout(rest) {
    const files = rest.filter(({ value }) => value === undefined || !value.startsWith("-"))
    const isMaking = rest.some(({ value }) => /^(?:-b|--track|-t|--detach|-d)$/.test(value ?? ""))
    const looksLikeFiles = files.some(
      ({ value, head }) => /^\.{1,2}(?:\/|$)|\/$|\*|^:|\.\w{1,5}$/.test(value ?? head) || value === undefined,
    )
    if (rest.some(({ value }) => value === "--") || (!isMaking && (files.length > 1 || looksLikeFiles)))
      return verdict("destroy", "git checkout of files drops changes that were not committed", {
        powerful: ["files"],
        keeps: 1,
      })
    return undefined
  },
  restore(rest) {
    const has = (option: RegExp) => rest.some(({ value }) => option.test(value ?? ""))
    if (has(/^(?:--staged|-S)$/) && !has(/^(?:--w\w*|-\w*W\w*)$/))
      return verdict("write", "git restore --staged takes files out of the next commit", {
        keeps: 1,
        powerful: has(/^-(?!-staged$|S$)/) ? ["options"] : [],
      })
    return verdict("destroy", "git restore drops changes that were not committed", { powerful: ["files"] })
  },
  clean(rest) {
    const isDry = rest.some(({ value }) => /^(?:--dry-run|-[a-zA-Z]*n[a-zA-Z]*)$/.test(value ?? ""))
    const isPlain = rest.every(({ value }) => /^(?:--dry-run|-[ndxXf]+)$/.test(value ?? ""))
    return isDry && isPlain
      ? verdict("read", "git clean -n only lists")
      : verdict("destroy", "git clean removes files that git does not keep", { powerful: ["files"] })
  },
  rm(rest) {
    const isIndex =
      rest.some(({ value }) => value === "--cached") &&
      rest.every(({ value }) => value !== undefined && !/^-(?:f|-force)$/.test(value))
    return isIndex
      ? verdict("write", "git rm --cached takes files out of the next commit", { powerful: ["--cached"] })
      : verdict("destroy", "git rm removes files", { powerful: ["files"] })
  },
  push(rest) {
    const refs = rest.filter(({ value }) => value !== undefined && /^[+:]/.test(value))
    return refs.length === 0
      ? undefined
      : verdict(["publish", "destroy"], "git push overwrites or deletes a branch of others", {
          powerful: refs.map(({ text }) => text),
        })
  },
  // A plus in front moves a branch of one's own to wherever.
  fetch: (rest) =>
    rest.some(({ value }) => value?.startsWith("+") === true)
      ? verdict(["network", "destroy"], "git fetch moves branches, whatever they held", { powerful: ["+"] })
      : undefined,
  config: judgeConfig,
  "symbolic-ref": (rest) =>
    rest.some(({ value }) => /^(?:-\w*d\w*|--d\w*)$/.test(value ?? ""))
      ? verdict("destroy", "git symbolic-ref -d removes a name")
      : rest.filter(({ value }) => value !== "--short" && value !== "-q").length === 1 &&
          rest.every(({ value }) => value !== undefined && /^(?:--short|-q|[A-Z_]+)$/.test(value))
        ? verdict("read", "git symbolic-ref shows a name")
        : undefined,
}

/** Options with which git's settings are only shown. Any other, a shortened one too, may change them. */
const CONFIG_SHOWING =
  /^(?:--get|--get-all|--get-regexp|--get-urlmatch|--list|-l|--local|--global|--system|--worktree|--show-origin|--show-scope|--name-only|--null|-z|--type=.*|--bool|--int|--bool-or-int|--path|--expiry-date|--includes|--no-includes|--default|--default=.*|--all|--regexp|--value=.*|--url=.*|--fixed-value)$/

function judgeConfig(rest: readonly Word[]): Verdict {
  const values = rest.map(({ value }) => value)
  const isKnown = values.every((value) => value !== undefined)
  const words = values.filter((value) => value !== undefined && !value.startsWith("-"))
  const options = values.filter((value) => value?.startsWith("-"))
  const isGetting = options.some((value) =>
    /^(?:--get|--get-all|--get-regexp|--list|-l|--get-urlmatch)$/.test(value ?? ""),
  )
  // As a value, `get` and `list` are only words; `set` and the like as a first word act.
  const isReadingVerb = values[0] === "get" || values[0] === "list"
  const isActing = /^(?:set|unset|edit|rename-section|remove-section)$/.test(values[0] ?? "")
  const isShown = !isActing && (isGetting || isReadingVerb || words.length === 1)
  if (isKnown && isShown && options.every((value) => CONFIG_SHOWING.test(value ?? "")))
    return verdict("read", "git config shows settings", { keeps: "all" })
  const key = words.find((value) => value !== "set" && value !== "unset") ?? ""
  const isFar = values.some((value) => /^(?:--global|--system|-f|--file)/.test(value ?? ""))
  if (!isKnown || isFar || RUNNING_KEY.test(key) || /--edit|^edit$/.test(values.join(" ")))
    return verdict("escalate", `git config ${key} changes what runs later`, {
      powerful: [key === "" ? "settings" : key],
    })
  return verdict("write", `git config ${key} changes a setting of the repository`, { keeps: "all" })
}
