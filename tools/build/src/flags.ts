/**
 * How skein is compiled. Each flag was measured or tried; `test/hostile-cwd.test.ts` holds the four that keep a
 * folder from changing the program that is started in it.
 */
export const COMPILE_FLAGS: readonly string[] = [
  "--compile",
  // Lazy modules stay lazy in the binary only when they are chunks of their own.
  "--splitting",
  // Loading one 112 KB chunk takes 0.6 ms with bytecode and 4 to 11 without; CommonJS would refuse top-level await.
  "--bytecode",
  "--format=esm",
  "--minify",
  // Compiling hot code costs more than it saves in a run of a second: with the thresholds a hundred times higher, fifty
  // calls take a fifth less CPU and every scenario 5 to 9 MB less memory. Code that is really hot still gets there.
  "--compile-jit-policy=100",
  // The collector runs more often: a long stream peaks 2 MB lower, and takes no more CPU for it.
  "--compile-exec-argv=--smol",
  // It travels packed (playwright.ts): what few use does not weigh on every start.
  "--external=playwright-core",
  // Embedded, read only when an error is shown: a defect report then names our files and lines.
  "--sourcemap=linked",
  // By default a compiled program runs the `preload` of a bunfig.toml in the folder it is started in …
  "--no-compile-autoload-bunfig",
  // … takes variables such as ANTHROPIC_BASE_URL from a .env there …
  "--no-compile-autoload-dotenv",
  // … and these two are off by default today; said here so that they stay off.
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
]

/** What the binary knows about itself. Its code reads the global `SKEIN_BUILD`, which is absent when run from source. */
export interface BuildFacts {
  readonly version: string
  /** Short commit id; "+" behind it means that files had changed since; "unknown" outside a git checkout. */
  readonly commit: string
  /** Embedded programs by the name they have in `Bun.embeddedFiles`, with the SHA-256 of their bytes. */
  readonly assets: Readonly<Record<string, string>>
}

export interface CompileOptions {
  /** The folder that source names are relative to in the traces of errors. */
  readonly root: string
  readonly facts?: BuildFacts
  /** Files to embed, by absolute path; inside they have their base names. */
  readonly assets?: readonly string[]
  readonly flags?: readonly string[]
  /** Sources that run in threads of their own: inside they have their paths below the root. */
  readonly workers?: readonly string[]
}

/** Compiles one entry point. Throws with the compiler's own words. */
export async function compile(entry: string, outfile: string, options: CompileOptions): Promise<void> {
  const { root, facts, assets = [], flags = COMPILE_FLAGS, workers = [] } = options
  const threads = workers.length === 0 ? [] : [...workers, `--root=${root}`]
  const define = facts === undefined ? [] : ["--define", `SKEIN_BUILD=${JSON.stringify(facts)}`]
  const args = [
    "build",
    entry,
    ...threads,
    ...flags,
    ...assets.map((path) => `--asset=${path}`),
    ...define,
    `--outfile=${outfile}`,
  ]
  const child = Bun.spawn([process.execPath, ...args], { cwd: root, stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  const [out, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code !== 0) throw new Error(`Cannot compile ${entry}:\n${out}${errors}`)
}
