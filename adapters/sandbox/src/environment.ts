import { isSecretVariable } from "@skein/protocol/secrets"

/** Where a command runs decides what it may know: a confined one hears nothing of agents, displays and daemons. */
export interface EnvironmentFacts {
  readonly isConfined: boolean
  /** Replaces TMPDIR. */
  readonly tmp?: string | undefined
}

/**
 * The environment of a command: the person's, without what makes programs run other code, without what looks like a
 * secret, and with paging, colour and prompts switched off. The base may come from a machine we know nothing about, so
 * a variable is judged by its name and its value.
 */
export function cleanEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  facts: EnvironmentFacts,
): Record<string, string> {
  const clean: Record<string, string> = {}
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue
    if (runsOtherCode(name) || isSecretVariable(name, value)) continue
    if (facts.isConfined && REACHES_OUT.test(name)) continue
    clean[name] = value
  }
  clean.PATH = absolutePath(base.PATH)
  return {
    ...clean,
    ...QUIET,
    ...(facts.isConfined ? CONFINED : {}),
    ...(facts.tmp === undefined ? {} : tmpOf(facts.tmp)),
  }
}

/** What of a command's environment a stranger's program is given. */
export function minimalEnvironment(clean: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(clean).filter(([name]) => MINIMAL.test(name)))
}

const MINIMAL =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TERM|TZ|TMPDIR|TMP|TEMP|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)$/

const CODE_PREFIXES = /^(BUN_|LD_|DYLD_|GIT_|BASH_FUNC_|NPM_CONFIG_|npm_|SKEIN_)/
const CODE_NAMES = new Set(
  (
    "NODE_OPTIONS BASH_ENV ENV PROMPT_COMMAND PS0 PS4 SHELLOPTS BASHOPTS CDPATH GLOBIGNORE IFS " +
    "PYTHONSTARTUP PYTHONINSPECT PERL5OPT PERL5DB RUBYOPT LESSOPEN LESSCLOSE LESS LESSKEY PAGER MANPAGER MANOPT BROWSER " +
    "EDITOR VISUAL SUDO_EDITOR FCEDIT SSH_ASKPASS JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS GLIBC_TUNABLES " +
    "GCONV_PATH LOCPATH TERM COLORTERM FORCE_COLOR CLICOLOR_FORCE LS_COLORS GREP_OPTIONS _ OLDPWD PWD SHLVL"
  ).split(" "),
)
/** Who a commit is by is harmless, and wanted; so is where packages come from. */
const KEPT = /^(GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)|npm_config_(registry|cache|prefix|userconfig))$/

function runsOtherCode(name: string): boolean {
  return CODE_NAMES.has(name) || (CODE_PREFIXES.test(name) && !KEPT.test(name))
}

const REACHES_OUT =
  /^(SSH_|DBUS_|XDG_RUNTIME_DIR|XDG_SESSION_|DISPLAY$|WAYLAND_|XAUTHORITY$|DOCKER_|CONTAINER_HOST$|PODMAN_|KUBE|GPG_|TMUX|STY$|SCREEN|TERM_|VSCODE_|WINDOWID$|PULSE_|GNOME_|KITTY_|WEZTERM_|TMP$|TEMP$|TMPDIR$)/

const QUIET = {
  TERM: "dumb",
  NO_COLOR: "1",
  CLICOLOR: "0",
  PAGER: "cat",
  MANPAGER: "cat",
  GIT_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  // `git status` is to look, and not to write its index.
  GIT_OPTIONAL_LOCKS: "0",
} as const

/** Caches whose owners refuse to work when they cannot write them; the home folder is read-only in here. */
const CONFINED = {
  GOCACHE: "/tmp/.cache/go-build",
  npm_config_logs_max: "0",
  npm_config_update_notifier: "false",
} as const

function tmpOf(tmp: string): Record<string, string> {
  return { TMPDIR: tmp, TMP: tmp, TEMP: tmp }
}

const PATH_DEFAULT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** A relative entry would find programs in whatever folder a command happens to be in. */
function absolutePath(path: string | undefined): string {
  const kept = (path ?? "").split(":").filter((entry) => entry.startsWith("/"))
  return kept.length > 0 ? kept.join(":") : PATH_DEFAULT
}
