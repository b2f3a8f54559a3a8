/** Variables that only change how much a program says, or which of its own behaviours it takes. */
const HARMLESS =
  /^(?:CI|DEBUG|VERBOSE|NODE_ENV|BUN_ENV|RAILS_ENV|RACK_ENV|APP_ENV|MIX_ENV|FLASK_ENV|DJANGO_DEBUG|ENVIRONMENT|RUST_LOG|RUST_BACKTRACE|TZ|LANG|LANGUAGE|LC_[A-Z]+|TERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLORTERM|PORT|HOST|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|PYTHONHASHSEED|GOOS|GOARCH|CGO_ENABLED|GOMAXPROCS|CARGO_TERM_COLOR|CARGO_INCREMENTAL|SOURCE_DATE_EPOCH|UPDATE_SNAPSHOTS|TEST|TESTS|SEED|JOBS|npm_config_loglevel)$/

/** Variables with which the next program runs or reads something else: how it is found, loaded, shown and configured. */
const POWERFUL =
  /^(?:PATH|IFS|ENV|BASH_ENV|BASH_FUNC.*|SHELL|SHELLOPTS|BASHOPTS|PS[0-4]|PROMPT_COMMAND|CDPATH|GLOBIGNORE|HOME|XDG_.*|LD_.*|DYLD_.*|GIT_.*|SSH_.*|GPG_.*|GNUPGHOME|PAGER|MANPAGER|.*_PAGER|EDITOR|VISUAL|.*_EDITOR|BROWSER|LESS.*|NODE_OPTIONS|NODE_PATH|BUN_.*|DENO_.*|PYTHON(?!UNBUFFERED|DONTWRITEBYTECODE|HASHSEED).*|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|LUA_.*|JAVA_.*|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|MAVEN_.*|GRADLE_.*|RUSTC.*|RUSTDOC.*|RUSTFLAGS|CARGO_(?!TERM_COLOR|INCREMENTAL).*|GO(?!OS$|ARCH$|MAXPROCS$).*|CC|CXX|CPP|LD|AR|.*_PROXY|.*_proxy|SSL_.*|CURL_.*|REQUESTS_CA_BUNDLE|AWS_.*|KUBECONFIG|DOCKER_.*|npm_config_(?!loglevel).*|NPM_CONFIG_.*|YARN_.*|PIP_.*|MAKEFLAGS|PYTEST_ADDOPTS|GREP_OPTIONS|TAR_OPTIONS|RIPGREP_CONFIG_PATH|INPUTRC|TERMINFO.*|LOCPATH|MALLOC_.*|TMPDIR)$/

export function isHarmlessAssignment(assignment: string): boolean {
  return HARMLESS.test(nameOf(assignment))
}

/** What of a command's own variables makes it run something else than it says. */
export function powerfulAssignments(assigns: readonly string[]): readonly string[] {
  return assigns.filter((assignment) => POWERFUL.test(nameOf(assignment)))
}

/** `PATH=.:$PATH`, `PATH+=.` and a bare name are all about PATH. */
function nameOf(assignment: string): string {
  return assignment.split(/\+?=|\[/)[0] ?? assignment
}
