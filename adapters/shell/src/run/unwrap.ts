import { awkPowers } from "../know/awk.ts"
import { optionsOf, readOptions } from "../know/options.ts"
import type { Assignment, Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"
import type { Input } from "./seen.ts"
import { CODE_OPTIONS, LOADER, SET_OPTIONS, SHELL_OPTIONS, SHELLS, WRAPPERS, type Wrapper } from "./wrappers.ts"

/** What a command makes run besides itself. */
export interface Unwrapped {
  /** Programs with their words, in the order they stand. */
  readonly inner: readonly (readonly Word[])[]
  /** Lines for a shell, undefined where they are only known when it runs. */
  readonly code: readonly (string | undefined)[]
  /** The code runs in this same shell: a change of folder stays. */
  readonly isHere?: boolean
  readonly assigns?: readonly Assignment[]
  readonly folder?: Word | undefined
  /** It does nothing else than that. */
  readonly isPassedOn: boolean
  /** Why what it runs is not known. */
  readonly unclear?: string | undefined
}

const NOTHING: Unwrapped = { inner: [], code: [], isPassedOn: false }

/** What the words of a command make run, by what is known of its program. */
export function unwrap(words: readonly Word[], input: Input): Unwrapped {
  const [first, ...rest] = words
  const name = first?.value
  if (name === undefined) return NOTHING
  if (SHELLS.has(name)) return shell(name, rest, input)
  if (LOADER.test(name)) return loader(rest)
  if (name === "eval") return { ...NOTHING, code: [joined(rest)], isHere: true, isPassedOn: true }
  if (name === "trap") return trap(rest)
  if (name === "alias") return alias(rest)
  if (name === "find") return find(rest)
  if (/^[gmn]?awk$/.test(name)) return awk(rest)
  if (name === "fd" || name === "fdfind") return fileDriven(rest)
  if (name === "git") return git(rest)
  if ((name === "command" || name === "exec") && isLookup(rest)) return NOTHING
  if (name === "docker" || name === "podman" || name === "nerdctl") return container(rest)
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined
  return wrapper === undefined ? NOTHING : through(name, wrapper, rest)
}

/** Programs that run a piece of code in a language of their own. */
export function codeOf(words: readonly Word[]): { readonly code: string | undefined } | undefined {
  const [first, ...rest] = words
  const name = first?.value?.replace(/(?<=^(?:python|pypy|perl|ruby|lua|php))[\d.]+$/, "")
  const option = name !== undefined && Object.hasOwn(CODE_OPTIONS, name) ? CODE_OPTIONS[name] : undefined
  if (option === undefined) return undefined
  const at = rest.findIndex(({ value }) => value !== undefined && option.test(value))
  if (at < 0) return undefined
  const parts = rest.slice(at)
  const isKnown = parts.every(({ value }) => value !== undefined)
  return { code: isKnown ? parts.map(({ value }) => value).join("\n") : undefined }
}

function through(name: string, wrapper: Wrapper, rest: readonly Word[]): Unwrapped {
  const read = readOptions(rest, optionsOf(wrapper.options), { stopsAtOperand: true })
  const isPassedOn = wrapper.isJudged !== true
  const strange = read.strange[0]
  // `nice -5` and `env -` are older forms.
  if (strange !== undefined) return { ...NOTHING, unclear: `What ${name} runs with ${strange} is not known` }
  const shaping = read.given.filter(({ name: option }) =>
    /^(?:-[IinLl]|--(?:replace|max-args|max-lines))$/.test(option),
  )
  // Which of them holds differs, and with it where the words from its input stand.
  if (wrapper.addsWords === true && shaping.length > 1)
    return {
      ...NOTHING,
      unclear: `Where ${name} puts words with ${shaping.map(({ text }) => text).join(" ")} is not known`,
    }
  const folder = read.given.find((option) => wrapper.folder?.includes(option.name))?.value
  const code = read.given.filter((option) => wrapper.code?.includes(option.name)).map(({ value }) => value?.value)
  if (code.length > 0 && wrapper.code?.includes("-S") !== true) return { ...NOTHING, code, isPassedOn }
  let left = read.operands.slice(wrapper.skips ?? 0)
  while (name === "time" && left[0]?.value === "!") left = left.slice(1)
  const assigns: Assignment[] = []
  while (wrapper.assigns === true && left[0] !== undefined) {
    const found = /^([A-Za-z_]\w*)=/.exec(left[0].value ?? left[0].head)
    if (found === null) break
    assigns.push({ name: found[1] ?? "", value: left[0].value?.slice(found[0].length), text: left[0].text })
    left = left.slice(1)
  }
  if (code.length > 0) return { ...NOTHING, code: [split(code[0], left)], assigns, folder, isPassedOn }
  if (left.length === 0) return name === "xargs" ? { ...NOTHING, inner: [], isPassedOn } : { ...NOTHING, assigns }
  const isApart = read.given.some((option) => wrapper.apart?.includes(option.name))
  if (wrapper.isJoined === true && !isApart) return { ...NOTHING, code: [joined(left)], isPassedOn }
  const more = wrapper.addsWords === true ? fed(left, read.given) : left
  return { ...NOTHING, inner: [more], assigns, folder, isPassedOn, isHere: wrapper.isHere === true }
}

/** `env -S` splits its text in a way of its own: only plain words are followed. */
function split(text: string | undefined, more: readonly Word[]): string | undefined {
  if (text === undefined || !/^[\w ./:=@%+,-]*$/.test(text)) return undefined
  const rest = joined(more)
  return rest === undefined ? undefined : `env ${text} ${rest}`
}

/** Words from input stand at the end, or where the mark stands. They may be anything, options too. */
function fed(
  words: readonly Word[],
  given: readonly { readonly name: string; readonly value: Word | undefined }[],
): readonly Word[] {
  const replace = given.find(({ name }) => name === "-I" || name === "-i" || name === "--replace")
  if (replace === undefined) return [...words, FED]
  const mark = replace.value?.value ?? "{}"
  return words.map((word) => {
    if (word.value?.includes(mark) !== true) return word
    const head = word.value.slice(0, word.value.indexOf(mark))
    return { ...word, value: undefined, text: FED.text, head, isSplit: false }
  })
}

/** What a command is given from its input, as words. */
export const FED: Word = { value: undefined, text: "(words from its input)", start: -1, head: "", isSplit: true }

function joined(words: readonly Word[]): string | undefined {
  if (words.length === 0) return ""
  return words.every(({ value }) => value !== undefined) ? words.map(({ value }) => value).join(" ") : undefined
}

function shell(name: string, rest: readonly Word[], input: Input): Unwrapped {
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]
    const text = word?.value
    if (word !== undefined && text === undefined && !isOperand(word))
      return { ...NOTHING, unclear: `What ${name} runs is only known when it runs` }
    if (text === undefined || !/^[-+]/.test(text)) return NOTHING
    if (text === "-" || text === "--") {
      if (rest.length > at + 1) return NOTHING
      break
    }
    if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(text)) return shellCode(name, rest.slice(at))
    if (/^-[a-zA-Z]*s[a-zA-Z]*$/.test(text)) break
    const isSetting = /^[-+][a-zA-Z]*o$/.test(text)
    if (!isKnownOption(isSetting ? text.slice(0, -1) : text) || (isSetting && !isSettable(rest[at + 1])))
      return { ...NOTHING, unclear: `What ${name} runs with ${text} is not known` }
    if (isSetting) at += 1
  }
  // Without a script it runs what it reads.
  if (rest.length === 1 && rest[0]?.value === "--version") return NOTHING
  if (input.kind === "text") return { ...NOTHING, code: [input.text], isPassedOn: true }
  return { ...NOTHING, unclear: input.kind === "other" ? `What ${name} runs comes from its input` : undefined }
}

/** The line behind `-c`, and behind all other options. */
function shellCode(name: string, rest: readonly Word[]): Unwrapped {
  const at = rest.findIndex(({ value }) => value === undefined || !/^[-+]/.test(value))
  const options = at < 0 ? rest : rest.slice(0, at)
  const strange = options.find(
    ({ value = "" }) => value !== "--" && !isKnownOption(value.startsWith("--") ? value : value.replaceAll("c", "")),
  )
  if (strange !== undefined) return { ...NOTHING, unclear: `What ${name} runs with ${strange.text} is not known` }
  return { ...NOTHING, code: [rest[at]?.value], isPassedOn: true }
}

function isKnownOption(text: string): boolean {
  if (text === "-" || text === "+") return true
  const value = text.replace(/^\+/, "-")
  return (
    readOptions([{ value, text, start: -1, head: value, isSplit: false }], optionsOf(SHELL_OPTIONS)).strange.length ===
    0
  )
}

const isSettable = (word: Word | undefined) => word?.value !== undefined && SET_OPTIONS.has(word.value)

function loader(rest: readonly Word[]): Unwrapped {
  const read = readOptions(rest, optionsOf(" --library-path= --argv0= --inhibit-cache --list --verify"), {
    stopsAtOperand: true,
  })
  if (read.strange.length > 0) return { ...NOTHING, unclear: "What the loader of programs runs is not known" }
  return { ...NOTHING, inner: [read.operands], isPassedOn: true }
}

function trap(rest: readonly Word[]): Unwrapped {
  const action = rest.find(({ value }) => value !== "--")
  if (action === undefined || action.value === "-" || action.value === "-l" || action.value === "-p") return NOTHING
  return { ...NOTHING, code: [action.value], isPassedOn: true }
}

function alias(rest: readonly Word[]): Unwrapped {
  const defined = rest.filter((word) => (word.value ?? word.head).includes("="))
  if (defined.length === 0) return NOTHING
  return { ...NOTHING, code: defined.map(({ value }) => value?.slice(value.indexOf("=") + 1)), isPassedOn: true }
}

/** `command -v`, `exec` without a program: nothing runs. */
function isLookup(rest: readonly Word[]): boolean {
  return rest.length === 0 || /^-[pvV]*[vV]/.test(rest[0]?.value ?? "")
}

function find(rest: readonly Word[]): Unwrapped {
  const inner: (readonly Word[])[] = []
  for (let at = 0; at < rest.length; at += 1) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(rest[at]?.value ?? "")) continue
    const from = at + 1
    while (at < rest.length && rest[at]?.value !== ";" && !(rest[at]?.value === "+" && rest[at - 1]?.value === "{}"))
      at += 1
    inner.push(rest.slice(from, at).map(found))
  }
  return { ...NOTHING, inner }
}

/** An awk program can hold lines for a shell. Only plain texts are followed. */
function awk(rest: readonly Word[]): Unwrapped {
  const programs = rest.flatMap(({ value }) =>
    value?.includes("system") === true || value?.includes("|") === true ? [value] : [],
  )
  const code = programs.flatMap((program) => {
    if (awkPowers(program) !== "runs") return []
    const calls = [...program.matchAll(/\bsystem\s*\(\s*"([^"\\]*)"\s*\)/g)].map(([, line]) => line)
    const isAll = calls.length === [...program.matchAll(/system/g)].length && !/[^|]\|(?!\|)/.test(program)
    return isAll ? calls : [...calls, undefined]
  })
  return { ...NOTHING, code }
}

/** `fd … -x program`: all words behind it. */
function fileDriven(rest: readonly Word[]): Unwrapped {
  const at = rest.findIndex(({ value }) => /^(?:-[a-zA-Z0]*[xX]|--exec|--exec-batch)$/.test(value ?? ""))
  return at < 0 ? NOTHING : { ...NOTHING, inner: [[...rest.slice(at + 1).map(found), FED]] }
}

/** A path that find gives begins with where it looked, so it is no option. */
function found(word: Word): Word {
  if (word.value?.includes("{}") !== true) return word
  const head = word.value.slice(0, word.value.indexOf("{}")) || "./"
  return { ...word, value: undefined, head, isSplit: false }
}

/** Words of git that hold lines for a shell: settings that name programs, and verbs that run one. */
function git(rest: readonly Word[]): Unwrapped {
  const code: (string | undefined)[] = []
  for (const [at, { value }] of rest.entries()) {
    if (value === "-c") {
      const [, key = "", line] = /^([^=]*)=(.*)$/s.exec(rest[at + 1]?.value ?? "") ?? []
      if (line?.startsWith("!")) code.push(line.slice(1))
      else if (
        line !== undefined &&
        /(?:command|editor|pager|fsmonitor|external|textconv|driver|helper|program|askpass|cmd|clean|smudge|process)$/i.test(
          key,
        ) &&
        !/^(?:|true|false|cat|0|1)$/.test(line)
      )
        code.push(line)
    }
    if (value === "-x" || value === "--exec") code.push(rest[at + 1]?.value)
    else if (value?.startsWith("--exec=")) code.push(value.slice("--exec=".length))
    if (value === "foreach" && rest[at - 1]?.value === "submodule") {
      code.push(joined(rest.slice(at + 1).filter((word) => word.value !== "--recursive" && word.value !== "--quiet")))
    }
    if (value === "run" && rest[at - 1]?.value === "bisect") return { ...NOTHING, inner: [rest.slice(at + 1)], code }
  }
  return { ...NOTHING, code: code.slice(0, 50) }
}

const CONTAINER_RUN =
  "ditPqa:c:e:h:l:m:p:u:v:w: --detach --interactive --tty --rm --name= --env= --env-file= --workdir= --user= --volume= --mount= --network= --publish= --entrypoint= --platform= --init --hostname= --memory= --cpus= --pull= --label= --read-only --tmpfs= --add-host= --expose= --restart= --shm-size= --ulimit= --no-healthcheck --no-TTY -T --index= --service-ports --no-deps"

/** `docker run image cmd`, `docker exec container cmd`, `docker compose exec service cmd`. */
function container(rest: readonly Word[]): Unwrapped {
  const at = rest.findIndex(({ value }) => value === "run" || value === "exec")
  if (at < 0 || at > 1 || (at === 1 && !/^(?:compose|container)$/.test(rest[0]?.value ?? ""))) return NOTHING
  const read = readOptions(rest.slice(at + 1), optionsOf(CONTAINER_RUN), { stopsAtOperand: true })
  const [, ...inner] = read.operands
  return { ...NOTHING, inner: read.strange.length > 0 || inner.length === 0 ? [] : [inner] }
}
