import { awkPowers } from "../know/awk.ts"
import { optionsOf, readOptions } from "../know/options.ts"
import { PROGRAMS } from "../know/programs.ts"
import { READERS } from "../know/read-only.ts"
import { SET_OPTIONS } from "../run/wrappers.ts"
import type { Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"
import { isElsewhere, judgeTarElsewhere } from "./archives.ts"
import { judgeFetch, judgeRemote } from "./fetch.ts"
import { judgeFind } from "./find.ts"
import { isRegenerated } from "./paths.ts"
import { judgeProcesses } from "./processes.ts"
import { judgeProgram, operandsOf } from "./program.ts"
import { isHarmlessSed } from "./sed.ts"
import { type Verdict, verdict } from "./verdict.ts"

type Judge = (rest: readonly Word[], name: string) => Verdict | undefined

/** Programs whose words say more than a table can. Undefined: judge them by the tables after all. */
export const SPECIAL: Readonly<Record<string, Judge>> = {
  find: judgeFind,
  sed: judgeSed,
  ...{ awk: judgeAwk, gawk: judgeAwk, mawk: judgeAwk, nawk: judgeAwk },
  ...{ curl: judgeFetch, wget: judgeFetch },
  ...{ ssh: judgeRemote, scp: judgeRemote, sftp: judgeRemote, nc: judgeRemote, telnet: judgeRemote, ping: judgeRemote },
  ...{ rm: judgeRemove, rimraf: judgeRemove },
  ...{ docker: judgeContainer, podman: judgeContainer, nerdctl: judgeContainer },
  tar: (rest) => (rest.some(isElsewhere) ? judgeTarElsewhere(rest) : isListing(rest) ? undefined : judgeTar(rest)),
  ps: judgeProcesses,
  jq: (rest) =>
    rest.some(({ value, head }) => /\b(?:import|include)\s*"/.test(value ?? head))
      ? verdict("unknown", "jq reads modules from other files", { powerful: ["import"] })
      : undefined,
  unzip: (rest) =>
    beforeOperands(rest).some(({ value }) => /^-[a-zA-Z]*[lvZtpqc]*[lvZt]/.test(value ?? ""))
      ? undefined
      : verdict("write", "unzip unpacks files, over what is there", {
          powerful: unusual(rest),
          reads: operandsOf(rest).slice(0, 1),
        }),
  date: (rest) =>
    operandsOf(rest).some(
      ({ value, head }, at) =>
        !(value ?? head).startsWith("+") &&
        !/^-[dr]$|^--(?:date|reference)$/.test(rest[rest.indexOf(operandsOf(rest)[at] ?? EMPTY) - 1]?.value ?? ""),
    )
      ? verdict("escalate", "date sets the clock")
      : undefined,
  sort: judgeSort,
  rsync: (rest) =>
    rest.some(({ value, head }) => /^--del|^--remove-source/.test(value ?? head))
      ? verdict(["destroy", "write", "network"], "rsync --delete removes what the source does not have", {
          powerful: ["--delete"],
          writes: operandsOf(rest).slice(-1),
        })
      : undefined,
  ...{ python: judgeModule, python3: judgeModule, python2: judgeModule },
  chmod: judgeMode,
  dd: judgeCopy,
  env: (rest) => (rest.length === 0 ? verdict("read", "env shows the environment") : undefined),
  export: (rest) => declares(rest, "export"),
  declare: (rest) => declares(rest, "declare"),
  typeset: (rest) => declares(rest, "typeset"),
  local: (rest) => declares(rest, "local"),
  readonly: (rest) => declares(rest, "readonly"),
  ...{ set: judgeSwitch, shopt: judgeSwitch },
  command: lookup,
  exec: lookup,
  ...{ cd: moves, pushd: moves, popd: moves },
  let: () => verdict("unknown", "let evaluates its words", { powerful: ["words"] }),
  go: (rest) =>
    rest.length === 1 && rest[0]?.value === "version"
      ? verdict("execute", "go version may fetch another go", { keeps: "all" })
      : undefined,
  less: (rest) =>
    rest.some(({ value }) => value?.startsWith("+"))
      ? verdict("unknown", "less is told to run something", { powerful: ["+"] })
      : undefined,
}

const EMPTY: Word = { value: "", text: "", start: -1, head: "", isSplit: false }

/** Behind the archive's name, what looks like an option is a file in it. */
function beforeOperands(rest: readonly Word[]): readonly Word[] {
  const end = rest.findIndex((word) => !/^-./.test(word.value ?? word.head))
  return end < 0 ? rest : rest.slice(0, end)
}

/** `tar t…`: its first word says what it does, with or without a dash. */
function isListing(rest: readonly Word[]): boolean {
  const [first] = rest
  if (first?.value === undefined) return false
  if (/^-?[vzjJaf]*t[vzjJaf]*$/.test(first.value))
    return rest.slice(1).every((word) => isOperand(word) || word.value !== undefined)
  return rest.some(({ value }) => value === "--list" || value === "-t")
}

function judgeTar(rest: readonly Word[]): Verdict {
  const powers = rest.filter(
    ({ value, head }) => TAR_POWERS.test(value ?? head) || (value === undefined && head === ""),
  )
  const risks = powers.length > 0 ? (["execute", "write"] as const) : (["write"] as const)
  return verdict(risks, "tar writes files or an archive", { powerful: powers.map(({ text }) => text) })
}

/** Programs that tar is told to run, and ways out of the folder. Shortened names count too. */
const TAR_POWERS =
  /^(?:--check|--to-c|--use|--rsh|--rmt|--info|--new-vol|--remove|--abs|--overwr|--recursive-unlink|--one-top|-[A-Za-z]*[IFP])/

function unusual(rest: readonly Word[]): readonly string[] {
  return rest.filter((word) => word.value === undefined && !isOperand(word)).map(({ text }) => text)
}

function judgeSort(rest: readonly Word[]): Verdict | undefined {
  const at = rest.findIndex(({ value, head }) => /^(?:-[a-zA-Z]*o|--out?p?u?t?)/.test(value ?? head))
  if (at < 0) return undefined
  const joined = /^(?:-[a-zA-Z]*o|--[a-z]+=)(.+)$/.exec(rest[at]?.value ?? "")?.[1]
  const target = joined === undefined ? rest[at + 1] : { ...EMPTY, value: joined, head: joined, text: joined }
  return verdict(["write", "unknown"], "sort writes a file", {
    writes: target === undefined ? [] : [target],
    powerful: [rest[at]?.text ?? "-o"],
  })
}

const MODULES =
  /^(?:pytest|unittest|mypy|ruff|black|flake8|isort|coverage|pip|tox|nox|pylint|pyright|poetry|build|twine)$/

/** `python -m pytest`: what it does is what the module of that name does. */
function judgeModule(rest: readonly Word[], name: string): Verdict | undefined {
  const [flag, module, ...words] = rest
  if (flag?.value !== "-m" || module?.value === undefined || !MODULES.test(module.value)) return undefined
  const row = Object.hasOwn(PROGRAMS, module.value) ? PROGRAMS[module.value] : undefined
  if (row === undefined) return undefined
  const judged = judgeProgram(module.value, row, words)
  const risks = judged.risks.includes("read") ? (["execute"] as const) : judged.risks
  const { keeps: inner } = judged
  const reason = `${name} -m ${judged.reason}`
  return { ...judged, risks, reason, ...(typeof inner === "number" ? { keeps: inner + 2, keepsOptions: true } : {}) }
}

const SED =
  "nErsuz0e: --quiet --silent --regexp-extended --separate --unbuffered --null-data --expression= --debug --posix --sandbox"

function judgeSed(rest: readonly Word[]): Verdict | undefined {
  const inPlace = rest.some(({ value, head }) => /^-[nErsuz]*i|^--in-place/.test(value ?? head))
  const read = readOptions(
    rest.filter(({ value }) => value === undefined || !/^-[nErsuz]*i|^--in-place/.test(value)),
    optionsOf(SED),
  )
  const expressions = read.given
    .filter(({ name }) => name === "-e" || name === "--expression")
    .map(({ value }) => value)
  const [first, ...others] = read.operands
  const scripts = expressions.length > 0 ? expressions : [first]
  const files = expressions.length > 0 ? read.operands : others
  const isKnown =
    read.strange.length === 0 && scripts.every((script) => script?.value !== undefined && isHarmlessSed(script.value))
  if (!isKnown)
    return verdict(["write", "unknown"], "This sed script may write files or run commands", {
      powerful: read.strange.length > 0 ? read.strange : ["script"],
      writes: inPlace ? files : [],
    })
  if (inPlace) return verdict("write", "sed -i changes files", { writes: files, powerful: ["-i"] })
  return verdict("read", "sed only prints", { reads: files, keeps: "all" })
}

function judgeAwk(rest: readonly Word[]): Verdict {
  const read = readOptions(rest, optionsOf("F:v:Oc --field-separator= --assign= --characters-as-bytes"), {
    stopsAtOperand: true,
  })
  const [program, ...files] = read.operands
  if (read.strange.length > 0 || program?.value === undefined)
    return verdict(["execute", "unknown"], "This awk program is not known", {
      powerful: read.strange.length > 0 ? read.strange : ["program"],
    })
  const powers = awkPowers(program.value)
  if (powers === "runs")
    return verdict(["execute", "unknown"], "This awk program can run commands", { powerful: ["program"] })
  if (powers === "writes")
    return verdict(["write", "unknown"], "This awk program writes files", { powerful: ["program"] })
  return verdict("read", "awk only prints", { reads: files, keeps: "all" })
}

function judgeRemove(rest: readonly Word[], name: string): Verdict {
  const files = operandsOf(rest)
  const isMadeAgain = files.length > 0 && files.every(({ value }) => value !== undefined && isRegenerated(value))
  if (isMadeAgain)
    return verdict("write", `${name} removes what a build or a test makes again`, { writes: files, keeps: "all" })
  return verdict("destroy", `${name} removes files for good`, { writes: files })
}

function judgeMode(rest: readonly Word[]): Verdict | undefined {
  const isSpecial = rest.some(
    ({ value }) => value === undefined || /^[ugoa]*[+=][rwxXt]*s|^[2467]\d{3}$|^0[2467]\d{3}$/.test(value),
  )
  return isSpecial
    ? verdict("escalate", "chmod gives a program the rights of its owner", {
        writes: operandsOf(rest).slice(1),
        powerful: ["mode"],
      })
    : undefined
}

function judgeCopy(rest: readonly Word[]): Verdict {
  const target = rest.find(({ value, head }) => (value ?? head).startsWith("of="))
  const path = target?.value?.slice(3)
  const source = rest.find(({ value, head }) => (value ?? head).startsWith("if="))
  const reads = source === undefined ? [] : [{ ...source, value: source.value?.slice(3), head: source.head.slice(3) }]
  if (target === undefined) return verdict("read", "dd only prints", { keeps: "all", reads })
  return verdict(path === undefined ? ["destroy", "write"] : "write", "dd writes over a file", {
    writes: [{ ...target, value: path, head: path ?? "" }],
    reads,
    powerful: ["of="],
  })
}

const CONTAINER_POWERS =
  /^(?:--privileged|--cap-add|--device|--pid=?|--ipc=?|--uts=?|--userns|--cgroupns|--security-opt|--volumes-from|--network=host|--net=host|-v\/|--volume=\/|--mount=.*(?:source|src)=\/)/

function judgeContainer(rest: readonly Word[], name: string): Verdict | undefined {
  const texts = rest.map(({ value, head }) => value ?? head)
  if (texts[0]?.startsWith("-") === true)
    return verdict(["execute", "network", "unknown"], `${name} is told which daemon to use`, { powerful: [texts[0]] })
  const isFar = texts.some(
    (text, at) =>
      CONTAINER_POWERS.test(text) ||
      (/^(?:-v|--volume)$/.test(text) && /^\/(?!tmp\/)|docker\.sock|^~/.test(texts[at + 1] ?? "")) ||
      /docker\.sock/.test(text) ||
      (/^--(?:net|network|pid|ipc)$/.test(text) && texts[at + 1] === "host"),
  )
  if (isFar && /^(?:run|create|exec|container|compose)$/.test(texts[0] ?? ""))
    return verdict(
      ["escalate", "execute", "network"],
      `${name} gives a container the machine's own folders or rights`,
      { powerful: ["rights"] },
    )
  return undefined
}

/** Values of variables are weighed with the line; names alone change nothing. */
function declares(rest: readonly Word[], name: string): Verdict | undefined {
  const isPlain = rest.every(
    ({ value, head }) => /^[A-Za-z_]\w*(?:\+?=|$)/.test(value ?? head) || /^-[pxrlu]+$/.test(value ?? ""),
  )
  return isPlain && rest.every(({ value }) => value === undefined || !/`|\$\(/.test(value))
    ? verdict("read", `${name} sets variables of this shell`, { keeps: "all" })
    : undefined
}

/** Switches of the shell with which the words that follow mean something else: `set -o keyword`, `shopt -s cdable_vars`. */
function judgeSwitch(rest: readonly Word[], name: string): Verdict | undefined {
  const read = readOptions(rest, optionsOf(READERS[name] ?? ""))
  const isShellOption = name === "shopt" && read.given.some((option) => option.name === "-o")
  const plus = name === "set" ? rest.filter(({ value }) => /^\+[a-zA-Z]*o$/.test(value ?? "")) : []
  const switched =
    name === "shopt"
      ? read.operands
      : [
          ...read.given.flatMap((option) => (option.name === "-o" ? (option.value ?? []) : [])),
          ...plus.flatMap((word) => rest[rest.indexOf(word) + 1] ?? []),
        ]
  const allowed = name === "set" || isShellOption ? SET_OPTIONS : SHOPT_OPTIONS
  const strange = switched.filter(({ value }) => value === undefined || !allowed.has(value)).map(({ text }) => text)
  return strange.length === 0
    ? undefined
    : verdict("unknown", `${name} ${strange.join(" ")} can change what the rest of the line means`, {
        powerful: strange,
      })
}

/** Switches of `shopt` that only change which files a pattern finds, or when a line ends. */
const SHOPT_OPTIONS: ReadonlySet<string> = new Set(
  "nullglob dotglob globstar failglob nocaseglob extglob globasciiranges inherit_errexit".split(" "),
)

function lookup(rest: readonly Word[], name: string): Verdict | undefined {
  if (rest.length === 0 || /^-[pvV]*[vV]/.test(rest[0]?.value ?? ""))
    return verdict("read", `${name} only looks a program up`)
  return undefined
}

function moves(rest: readonly Word[], name: string): Verdict {
  return verdict("read", `${name} changes the folder of what follows`, {
    reads: operandsOf(rest).filter(({ value }) => value !== "-"),
  })
}
