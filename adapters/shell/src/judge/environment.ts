import type { Seen } from "../run/seen.ts"

/** What the whole line sets, for every command in it. */
export interface LineState {
  readonly functions: ReadonlySet<string>
  /** Assignments that hold for the rest of the line and that programs see. */
  readonly lasting: readonly string[]
  /** Names that hold names of files below the folder, and nothing else. */
  readonly near: ReadonlySet<string>
  /** What the names that the line sets hold; undefined where that is not known for certain. */
  readonly values: ReadonlyMap<string, string | undefined>
  influences(assignment: string): boolean
}

/**
 * Names that programs only report or count with; none of them names a program, a library or a file. Only with plain
 * values: `make` would evaluate others.
 */
const HARMLESS =
  /^(?:CI|NODE_ENV|FORCE_COLOR|NO_COLOR|CLICOLOR|CLICOLOR_FORCE|DEBUG|VERBOSE|LANG|LANGUAGE|LC_[A-Z]+|TZ|COLUMNS|LINES|RUST_LOG|RUST_BACKTRACE|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|PYTHONHASHSEED|NODE_NO_WARNINGS|TEST|TESTING|LOG_LEVEL|LOGLEVEL|PORT|CARGO_TERM_COLOR|GOOS|GOARCH|CGO_ENABLED|GO111MODULE|DOCKER_BUILDKIT|UPDATE_SNAPSHOTS|RECORD|HEADLESS|APP_ENV|RAILS_ENV|RACK_ENV|FLASK_ENV|DJANGO_DEBUG|TS_NODE_TRANSPILE_ONLY|VITEST|JEST_WORKER_ID|SKIP|V|BUN_ENV|MIX_ENV|ENVIRONMENT|TERM|COLORTERM|HOST|GOMAXPROCS|CARGO_INCREMENTAL|SOURCE_DATE_EPOCH|TESTS|SEED|JOBS|npm_config_loglevel)=[\w.,:@%+*=/ -]*$/

/** These switch something off, and only with these values. */
const SWITCHED_OFF =
  /^(?:(?:GIT_)?PAGER=(?:cat)?|GIT_TERMINAL_PROMPT=0|GIT_OPTIONAL_LOCKS=0|(?:GIT_|GIT_SEQUENCE_)?EDITOR=(?:true|:)|VISUAL=(?:true|:)|DEBIAN_FRONTEND=noninteractive|HUSKY=0)$/

/** Names that change what a program does or which program runs, exported or not. */
const INFLUENCING =
  /^(?:PATH|IFS|CDPATH|HOME|SHELL|SHELLOPTS|BASHOPTS|BASH_\w*|ENV|PS\d|PROMPT_COMMAND|POSIXLY_CORRECT|GLOBIGNORE|EXECIGNORE|FIGNORE|TMPDIR|TMP|TEMP|USER|LOGNAME|TERM\w*|LD_\w+|DYLD_\w+|GIT_\w+|NODE_\w+|NPM_\w+|npm_\w+|YARN_\w+|BUN_\w+|DENO_\w+|PYTHON\w+|PIP_\w+|UV_\w+|VIRTUAL_ENV|CONDA\w*|PERL\w*|RUBY\w+|GEM_\w+|BUNDLE_\w+|JAVA\w*|_?JAVA_\w+|JDK_\w+|CLASSPATH|MAVEN_\w+|GRADLE_\w+|CARGO\w*|RUST\w+|GO[A-Z]\w*|LUA_\w+|CC|CXX|CPP|LD|AR|AS|MAKE\w*|\w*FLAGS|\w*_?PAGER|\w*EDITOR|VISUAL|BROWSER|LESS\w*|MAN\w+|RIPGREP_CONFIG_PATH|\w*_WRAPPER|\w*_(?:PROXY|proxy)|SSH_\w+|\w*ASKPASS|CURL_\w+|WGETRC|XDG_\w+|GREP_\w+|TAR_\w+|GZIP|XZ_\w+|ZSTD\w*|DOCKER_\w+|KUBECONFIG|AWS_\w+|SUDO_\w+|GNUPGHOME|GPG_\w+|SSL_\w+|OPENSSL_\w+|LOCPATH|GCONV_PATH|NLSPATH|HOSTALIASES|RESOLV_\w+|MALLOC_\w+|GLIBC_\w+|TERMINFO\w*|EXINIT|VIMINIT|INPUTRC|HISTFILE|FPATH|ZDOTDIR|PYTEST_ADDOPTS|REQUESTS_CA_BUNDLE|JQ_\w+|FZF_\w+|BAT_\w+|FD_\w+)$/

/** What of the assignments before a command, and of those that last, is not known to be harmless. */
export function influence(seen: Seen, line: LineState): readonly string[] {
  const own =
    seen.words[0]?.text === ""
      ? []
      : seen.assigns.map(({ text }) => text).filter((text) => !isHarmless(text) && !isForRead(seen, text))
  return [...new Set([...own, ...line.lasting])]
}

function isHarmless(assignment: string): boolean {
  const plain = assignment.replace(/["']/g, "")
  return HARMLESS.test(plain) || SWITCHED_OFF.test(plain)
}

/** `IFS= read`: only this builtin sees it. */
function isForRead(seen: Seen, assignment: string): boolean {
  return seen.words[0]?.value === "read" && assignment.startsWith("IFS=")
}

/** Gathers what the line sets for all that it runs. `assigned`: names that loops, builtins and expansions set. */
export function lineState(
  seen: readonly Seen[],
  assigned: readonly string[],
  functions: ReadonlySet<string>,
  near: ReadonlySet<string> = new Set(),
  line = "",
): LineState {
  const lasting = new Set<string>()
  for (const { words, assigns } of seen) {
    const [program, ...rest] = words
    if (program?.text === "") {
      for (const { name, text } of assigns) if (INFLUENCING.test(name) && !isHarmless(text)) lasting.add(text)
    }
    if (!/^(?:export|declare|typeset|local|readonly)$/.test(program?.value ?? "")) continue
    for (const { value, head, text } of rest) {
      const found = /^([A-Za-z_]\w*)\+?=/.exec(value ?? head)
      if (found !== null && !isHarmless(value ?? text)) lasting.add(text)
    }
  }
  const set = [...lasting].map((text) => text.split(/\+?=/)[0])
  for (const name of assigned)
    if (INFLUENCING.test(name) && !set.includes(name) && !isHarmless(`${name}=`)) lasting.add(`${name}=…`)
  const values = valuesIn(seen, assigned, line)
  return {
    functions,
    near,
    values,
    lasting: [...lasting],
    influences: (text) => INFLUENCING.test(text.split(/\+?=/)[0] ?? ""),
  }
}

/** Builtins that give names values, wherever the name comes from. */
const SETTING =
  /^(?:read|mapfile|readarray|printf|getopts|declare|typeset|local|export|readonly|unset|eval|source|\.|let|wait|set|alias)$/

/** Only where nothing else of the line can give the same name another value. */
function valuesIn(seen: readonly Seen[], assigned: readonly string[], line: string): LineState["values"] {
  const values = new Map<string, string | undefined>(assigned.map((name) => [name, undefined]))
  if (seen.some(({ words }) => SETTING.test(words[0]?.value ?? "."))) return values
  for (const { words, assigns } of seen) {
    if (words[0]?.text !== "") continue
    for (const { name, value, text } of assigns) {
      const isOnly = line.split(new RegExp(`(?<![\\w$]|\\$\\{)${name}(?!\\w)`)).length === 2
      if (isOnly && text.startsWith(`${name}=`) && value !== "") values.set(name, value)
    }
  }
  return values
}
