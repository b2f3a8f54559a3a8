/** A program that runs another one, named by its own words. */
export interface Wrapper {
  /** Its options, as in `optionsOf`. Any other option means that we do not know what it runs. */
  readonly options: string
  /** Operands of its own that stand before the program. */
  readonly skips?: number
  /** Words of the form `NAME=value` stand before the program. */
  readonly assigns?: boolean
  /** Options whose value is a line for a shell. */
  readonly code?: readonly string[]
  /** All words after its own are joined, and a shell reads them. */
  readonly isJoined?: boolean
  /** Options with which they are not: the words are a program's own. */
  readonly apart?: readonly string[]
  /** More words come from its input. */
  readonly addsWords?: boolean
  /** Option that names the folder it runs in. */
  readonly folder?: readonly string[]
  /** What it runs is run by this same shell: a change of folder stays. */
  readonly isHere?: boolean
  /** It is more than a way of writing the same command: judged by itself too. */
  readonly isJudged?: boolean
}

export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: {
    options: "i0vu:C:S:a: --ignore-environment --null --unset= --chdir= --split-string= --debug --argv0=",
    assigns: true,
    folder: ["-C", "--chdir"],
    code: ["-S", "--split-string"],
  },
  timeout: { options: "vfpk:s: --foreground --preserve-status --verbose --kill-after= --signal=", skips: 1 },
  nohup: { options: "" },
  setsid: { options: "cfw --ctty --fork --wait" },
  nice: { options: "0123456789n: --adjustment=" },
  ionice: { options: "tc:n: --ignore --class= --classdata=" },
  stdbuf: { options: "i:o:e: --input= --output= --error=" },
  // The shell's own word: what follows may begin with assignments, and be turned around.
  time: { options: "pvq", assigns: true, isHere: true },
  command: { options: "p", isHere: true },
  builtin: { options: "", isHere: true },
  exec: { options: "cla:" },
  chrt: { options: "abfiormpR", skips: 1 },
  taskset: { options: "ac", skips: 1 },
  chronic: { options: "ev" },
  unbuffer: { options: "p" },
  "xvfb-run": { options: "an:s: --auto-servernum --server-num= --server-args=" },
  catchsegv: { options: "" },
  fakeroot: { options: "" },
  caffeinate: { options: "dimsut:w:" },
  prlimit: { options: "" },
  setarch: { options: "RBLX", skips: 1 },
  linux64: { options: "" },
  linux32: { options: "" },
  busybox: { options: "" },
  toybox: { options: "" },
  coreutils: { options: "" },
  xargs: {
    options:
      "0oprtxa:d:E:e::I:i::L:l::n:P:s: --null --no-run-if-empty --verbose --exit --arg-file= --delimiter= --eof=? --replace=? --max-lines=? --max-args= --max-procs= --max-chars= --process-slot-var=",
    addsWords: true,
  },
  watch: {
    options:
      "bcdegnptxwrn:q: --beep --color --differences=? --errexit --chgexit --interval= --precise --no-title --no-wrap --exec",
    isJoined: true,
    apart: ["-x", "--exec"],
  },
  flock: {
    options:
      "sxnuoFeE:w:c: --shared --exclusive --nonblock --unlock --close --no-fork --conflict-exit-code= --wait= --timeout= --command=",
    skips: 1,
    code: ["-c", "--command"],
  },
  script: { options: "aeqfc: --append --return --quiet --flush --command=", code: ["-c", "--command"], isJudged: true },
  sudo: {
    options:
      "AbEeHKklnPSsVviC:D:g:h:p:R:r:T:t:U:u: --user= --group= --preserve-env=? --non-interactive --stdin --login --shell --set-home",
    assigns: true,
    isJudged: true,
  },
  doas: { options: "Lnsa:C:u:", isJudged: true },
  su: {
    options: "lmpPc:s:g:G: --login --command= --shell= --preserve-environment",
    code: ["-c", "--command"],
    skips: 99,
    isJudged: true,
  },
  runuser: { options: "lmpPc:s:g:G:u: --login --command= --user=", code: ["-c", "--command"], isJudged: true },
  pkexec: { options: " --user= --disable-internal-agent", isJudged: true },
  chroot: { options: " --userspec= --groups= --skip-chdir", skips: 1, isJudged: true },
  unshare: {
    options: "imnpuUCTfrcS:G: --mount --uts --ipc --net --pid --user --fork --map-root-user --mount-proc=?",
    isJudged: true,
  },
  ssh: {
    options: "46AaCfGgKkMNnqsTtVvXxYyB:b:c:D:E:e:F:I:i:J:L:l:m:O:o:p:Q:R:S:W:w:",
    skips: 1,
    isJoined: true,
    isJudged: true,
  },
}

/** Shells, and the option behind which the next word is code for them. */
export const SHELLS: ReadonlySet<string> = new Set("sh bash dash zsh ksh mksh ash rbash".split(" "))

/** Options of shells that leave the reading of a line as it is; `c` and `o` are taken out before. */
export const SHELL_OPTIONS =
  "abefhilmnprtuvxBCET --login --noprofile --norc --restricted --verbose --noediting --pipefail"

/** What `set -o` may switch: a line means the same with it and without. With `keyword` words become variables. */
export const SET_OPTIONS: ReadonlySet<string> = new Set("errexit nounset pipefail xtrace noglob verbose".split(" "))

/** The loader of programs runs the program that it is given. */
export const LOADER = /^(?:ld-linux[\w.-]*|ld-musl[\w.-]*|ld)\.so(?:\.\d+)*$/

/** Programs that run code given as a word, the options that say so, and whether letters may be joined: `-pe`. */
export const CODE_OPTIONS: Readonly<Record<string, RegExp>> = {
  python: /^-[A-Za-z]*c/,
  python2: /^-[A-Za-z]*c/,
  python3: /^-[A-Za-z]*c/,
  pypy: /^-[A-Za-z]*c/,
  pypy3: /^-[A-Za-z]*c/,
  node: /^(?:-[pe]{1,2}|--eval|--print|-pe)(?:=|$)/,
  nodejs: /^(?:-[pe]{1,2}|--eval|--print)(?:=|$)/,
  bun: /^(?:-[pe]|--eval|--print)(?:=|$)/,
  tsx: /^(?:-[pe]|--eval|--print)(?:=|$)/,
  deno: /^eval$/,
  perl: /^-[A-Za-z0-9]*[eE]/,
  ruby: /^-[A-Za-z0-9]*e/,
  php: /^-r|^-B|^-R|^-E/,
  lua: /^-e/,
  luajit: /^-e/,
  julia: /^(?:-[eE]|--eval|--print)/,
  Rscript: /^-e/,
  osascript: /^-e/,
  pwsh: /^-(?:c|command)/i,
  fish: /^-c|^--command/,
  tclsh: /^-c/,
  groovy: /^-e/,
  scala: /^-e/,
  erl: /^-eval/,
  elixir: /^-e|^--eval/,
  racket: /^-e/,
}
