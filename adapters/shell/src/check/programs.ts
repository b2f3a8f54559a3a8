const set = (words: string): ReadonlySet<string> => new Set(words.split(" "))
/** A program may be called as what every object has: `constructor`. */
const table = (rows: Readonly<Record<string, ReadonlySet<string>>>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(Object.entries(rows))

/** Whatever they are given, they test, check types, build or lint. */
export const CHECKERS = set(
  "pytest py.test jest vitest mocha ava tap jasmine karma tox nox tsc tsgo vue-tsc svelte-check eslint oxlint " +
    "stylelint standard xo tslint mypy pyright basedpyright flake8 pylint pyflakes bandit rspec rubocop phpunit pest phpstan " +
    "psalm ctest shellcheck hadolint yamllint actionlint markdownlint staticcheck swiftlint ktlint checkstyle " +
    "cspell knip javac rustc gcc g++ cc c++ clang clang++ kotlinc swiftc",
)

/** They do when the first of their words is one of these. */
export const CHECKING_WORDS = table({
  cargo: set("test t check c build b clippy nextest"),
  go: set("test build vet"),
  deno: set("test check lint"),
  dotnet: set("test build"),
  swift: set("test build"),
  flutter: set("test analyze build"),
  dart: set("test analyze"),
  mix: set("test compile credo dialyzer"),
  zig: set("build test"),
  ruff: set("check"),
  ty: set("check"),
  biome: set("check lint ci"),
  terraform: set("validate"),
  helm: set("lint"),
  playwright: set("test"),
  cypress: set("run"),
  "golangci-lint": set("run"),
  "pre-commit": set("run"),
  coverage: set("run"),
  ng: set("test build lint"),
  next: set("build lint"),
  vite: set("build"),
})

/** With one of these in the place of a file, or behind their own word, they do something else. */
export const OTHER_WORDS = table({
  vitest: set("list init watch dev bench"),
  mocha: set("init"),
  swift: set("list"),
  tox: set("list l config c devenv d"),
  swiftlint: set("version rules autocorrect docs"),
  phpstan: set("clear-result-cache list help"),
  cspell: set("trace init suggestions link"),
})

/** They only do when they are told to change nothing. */
export const CHECKING_FLAGS = table({
  prettier: set("--check -c --list-different -l"),
  black: set("--check"),
  isort: set("--check --check-only -c"),
  rustfmt: set("--check"),
  cmake: set("--build"),
  node: set("--test"),
})

/** They run what the project calls by these names. */
export const TASKS = set(
  "make gmake just task rake invoke mage gulp grunt nx turbo lerna moon mvn mvnw gradle gradlew sbt ant bazel bazelisk buck2 " +
    "pants rails meson manage.py ninja",
)
/** Without a name they build. */
export const BUILD_UNNAMED = set("make gmake ninja")

/** They run scripts of the project's `package.json`. */
export const SCRIPT_RUNNERS = set("npm pnpm yarn bun")

/** They run the file that they are given. */
export const INTERPRETERS = set("sh bash zsh dash python python3 node bun deno ruby php perl tsx ts-node")

/** A script, a target or a file is a check when its name has one of the first among its parts, and none of the second. */
export const CHECKING_NAMES = set(
  "test tests check checks lint typecheck types typing tsc build compile verify validate spec specs unit e2e integration ci " +
    "assemble clippy vet",
)
export const CHANGING_NAMES = set(
  "fix write watch clean update dev serve start publish release deploy install init generate gen setup",
)

/** What may stand before a command, with the words of its own that follow it. */
export const WRAPPERS: readonly (readonly string[])[] = [
  ...["env", "nice", "time", "command", "nyc", "c8", "npx", "bunx", "pnpx", "xvfb-run", "sudo"].map((word) => [word]),
  ...["npm exec", "pnpm exec", "pnpm dlx", "yarn exec", "yarn dlx", "bun x", "poetry run", "uv run", "pipenv run"].map(
    (words) => words.split(" "),
  ),
  ...["hatch run", "rye run", "pdm run", "bundle exec", "dotenv --"].map((words) => words.split(" ")),
]
