const set = (words: string): ReadonlySet<string> => new Set(words.split(" "))
const byProgram = (rows: Readonly<Record<string, ReadonlySet<string>>>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(Object.entries(rows).flatMap(([names, options]) => names.split(" ").map((name) => [name, options] as const)))

/** Whether a program with these options changes what it looks at, looks at nothing, or says that all is well whatever it finds. */
export function isShowing(name: string, args: readonly string[]): boolean {
  const end = args.indexOf("--")
  const own = end === -1 ? args : args.slice(0, end)
  const of = SHOWING.get(name) ?? SHOWING_ELSE
  const letters = LETTERS.get(name)
  return (
    args.some((arg) => isGiven(arg, SHOWING_ANYWHERE)) ||
    own.some((arg) => isGiven(arg, of) || letters?.test(arg) === true) ||
    // Behind `--` they are for a program that is not named here.
    (end !== -1 && args.slice(end).some((arg) => SHOWING_ELSE.has(arg)))
  )
}

/** The words that are no options, nor belong to one. */
export function namesIn(name: string, args: readonly string[]): readonly string[] {
  const end = args.indexOf("--")
  const own = end === -1 ? args : args.slice(0, end)
  const valued = VALUED.get(name) ?? VALUED_ELSE
  return own.filter((arg, at) => !/^[-+]/.test(arg) && !valued.has(own[at - 1] ?? "") && !arg.includes("="))
}

/** `--fix=false` is not `--fix`. */
function isGiven(arg: string, options: ReadonlySet<string>): boolean {
  if (options.has(arg)) return true
  const [option = "", value] = arg.split("=", 2)
  return value !== undefined && value !== "false" && options.has(option)
}

/** Of whatever program. */
const SHOWING_ANYWHERE = set(
  "--help -h --version --fix --fix-only --write -w --watch --watchAll --list --listTests --list-tests --list-suites " +
    "--collect-only --collectOnly --co --dry-run --dry --just-print --recon --init --showConfig --show-config --print-config " +
    "--if-present --passWithNoTests --no-run --exit-zero --clean --clearCache --clear-cache --apply --apply-unsafe " +
    "--updateSnapshot --update-snapshots --snapshot-update --update --autocorrect --autocorrect-all --auto-correct " +
    "--auto-correct-all --auto-gen-config --regenerate-todo --generate-baseline --set-baseline --update-baseline --alter " +
    "--add-noqa --format-on-check --setup-plan --fixtures --markers --skip-tests -DskipTests -DskipITs -Dmaven.test.skip " +
    "-Dmaven.test.failure.ignore --fail-never --ignore-errors --question --touch --noCheck --listFilesOnly --env-info",
)

/** Of a program that is not named below: most print their version, or write what they expect anew. */
const SHOWING_ELSE = set("-V -u")

const SHOWING = byProgram({
  "make gmake": set("--print-data-base -v"),
  "tsc tsgo vue-tsc": set("-v -V --all"),
  "gcc g++ cc c++ clang clang++": set(
    "-v -V -E -M -MM -### -dumpversion -dumpmachine -dumpspecs -print-search-dirs -print-libgcc-file-name",
  ),
  "javac kotlinc swiftc staticcheck ant": set("-version -help -X -V"),
  rustc: set("-V -vV --print --explain"),
  "eslint jest vitest stylelint rspec standard xo hadolint yamllint psalm cypress mocha oxlint": set("-v -V -u"),
  rubocop: set("-v -V -A -a -x -L --list-target-files"),
  "npm pnpm yarn bun": set("-v -V -u"),
  "pytest py.test": set("-V -VV --cache-show"),
  "python python3 ruby perl": set("-V -v"),
  "sh bash zsh dash": set("-n"),
  php: set("-v -l"),
  node: set("-v --check"),
  cargo: set("-V -vV"),
  go: set("-list -n -c -h"),
  "mvn mvnw": set("-v -fn"),
  "gradle gradlew": set("-v -V -m"),
  ctest: set("-N --show-only --print-labels"),
  "tox nox": set("-l -a -V --listenvs"),
  "swift dotnet": set("-l -t --show-bin-path"),
  ktlint: set("-F --format -V"),
  phpstan: set("-V -b"),
  ruff: set("-V -e --show-files --show-settings"),
  just: set("-n -l -V --summary --evaluate"),
  rake: set("-n -T -P -W -V"),
})

/** One-letter options may be joined: `make -kn`. What follows a letter that takes a value is the value. */
const LETTERS: ReadonlyMap<string, RegExp> = new Map([
  ...["make", "gmake"].map((name) => [name, /^-[^-CfIoWjlE]*[nqtpi]/] as const),
  ["ninja", /^-[^-Cfjklwd]*[nt]/],
  ...["sh", "bash", "zsh", "dash"].map((name) => [name, /^-[^-coO]*n/] as const),
])

/** Their next word belongs to them. */
const VALUED = byProgram({
  "npm pnpm yarn bun": set("--prefix -w --workspace --filter -F -C --dir --cwd --loglevel"),
  "make gmake": set("-C --directory -f --file --makefile -I -j --jobs -l -o -W -E --eval"),
  ninja: set("-C -f -j -k -l -d -w"),
  just: set("-f --justfile -d --working-directory"),
  cargo: set(
    "--manifest-path -p --package --features -F --target --target-dir -j --jobs --profile --config -Z -C --exclude",
  ),
  "mvn mvnw": set("-f --file -pl --projects -P -rf -s -t -T -l"),
  "gradle gradlew": set("-p --project-dir -b -c -I -g -x --exclude-task"),
  "nx turbo lerna moon": set("-p --projects --project --filter -F --scope -c --configuration"),
  ant: set("-f -file -buildfile -lib"),
})
const VALUED_ELSE = set(
  "--prefix --workspace --filter -F -C --dir --cwd -f --file --manifest-path --project -p --package -c --config",
)
