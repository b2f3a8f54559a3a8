import { type Program, program, verbs } from "./program.ts"

const NPM = ["registry.npmjs.org:443"]
const PYPI = ["pypi.org:443", "files.pythonhosted.org:443"]
const GO = ["proxy.golang.org:443", "sum.golang.org:443"]
const CRATES = ["index.crates.io:443", "static.crates.io:443"]
const GEMS = ["rubygems.org:443", "index.rubygems.org:443"]
const MAVEN = ["repo.maven.apache.org:443", "repo1.maven.org:443"]

/** Options with which a package manager runs, reads or asks something else. */
const NPM_POWERS = [
  ...["--script-shell", "--prefix", "-C", "--userconfig", "--globalconfig", "--registry", "--node-options", "--shell"],
  ...["-g", "--global", "--location", "--dir", "--cwd", "--config", "--use-node-version", "--force", "--unsafe-perm"],
]

const tests = program("execute", "runs the project's tests", { keeps: 0, powerful: NPM_POWERS })
const script = program("execute", "runs a script of the project", { keeps: 1, powerful: NPM_POWERS })
const installs = program("network execute write", "installs packages and runs their scripts", {
  hosts: NPM,
  powerful: NPM_POWERS,
})
const runsPackage = program("network execute", "runs a package, fetching it when it is not there", {
  hosts: NPM,
  keeps: 1,
  powerful: ["-c", "--call", "-p", "--package", "--registry", "--shell"],
})
const publishes = program("publish", "publishes")
const asks = program("network", "asks the registry", { hosts: NPM, keeps: 0, powerful: NPM_POWERS })
const LISTING = "ls list ll why explain root bin prefix query"
const lists = program("read", "lists packages", { powerful: NPM_POWERS })

const NODE_VERBS: Readonly<Record<string, Program>> = {
  ...verbs("test t tst", tests),
  ...verbs("run run-script rum urn", script),
  ...verbs(
    "start stop restart build dev lint check typecheck format",
    program("execute", "runs a script of the project", { keeps: 0, powerful: NPM_POWERS }),
  ),
  ...verbs(
    "install i ci add install-test it update up upgrade dedupe rebuild link import uninstall remove rm un prune",
    installs,
  ),
  ...verbs("exec x dlx create init", runsPackage),
  ...verbs(
    "publish unpublish deprecate dist-tag owner access team login adduser logout token profile hook org star",
    publishes,
  ),
  ...verbs("view info show outdated audit search ping", asks),
  ...verbs(LISTING, lists),
  version: program("write", "changes the version and tags it"),
  pack: program("execute write", "packs the project, running its scripts", { keeps: 0, powerful: NPM_POWERS }),
  config: program("escalate", "changes settings of the package manager"),
  set: program("escalate", "changes settings of the package manager"),
  cache: program("write", "changes the cache of packages"),
}

const BUN_POWERS = ["--preload", "-r", "--cwd", "--config", "-c", "--env-file"]

const nodeManager = (why: string) =>
  program("execute network", why, { verbs: NODE_VERBS, hosts: NPM, powerful: NPM_POWERS })

const pipInstall = program("network execute write", "installs packages and runs their code", { hosts: PYPI })
const pip = program("network execute", "manages packages", {
  hosts: PYPI,
  verbs: {
    install: pipInstall,
    download: pipInstall,
    wheel: pipInstall,
    uninstall: program("destroy", "removes packages"),
    ...verbs(
      "list show freeze check help inspect",
      program("read", "lists packages", { powerful: ["--python", "--log", "--index-url", "--extra-index-url", "-i"] }),
    ),
    config: program("escalate", "changes settings of pip"),
  },
})

const pythonRunner = (why: string) =>
  program("execute network", why, {
    hosts: PYPI,
    verbs: {
      run: program("execute network", "runs a program of the project's environment", {
        hosts: PYPI,
        keeps: 1,
        powerful: ["--with", "--from", "--index-url", "--directory", "-C"],
      }),
      ...verbs(
        "sync install add lock update remove venv self tool pip python cache export init build shell",
        program("network execute write", "changes the project's environment", { hosts: PYPI }),
      ),
      publish: publishes,
    },
  })

const cargoBuild = program("execute", "builds and runs the project's code", {
  keeps: 0,
  hosts: CRATES,
  powerful: [
    ...["--config", "-Z", "--manifest-path", "-C", "--target-dir", "--out-dir", "--artifact-dir", "--registry"],
    "--index",
  ],
})
const goBuild = program("execute", "builds or runs the project's code", {
  keeps: 0,
  hosts: GO,
  powerful: [
    "-exec",
    "-toolexec",
    "-o",
    "-overlay",
    "-modfile",
    "-pkgdir",
    "-C",
    "-outputdir",
    "-coverprofile",
    "-cpuprofile",
    "-memprofile",
    "-ldflags",
    "-gcflags",
    "-asmflags",
    "-gccgoflags",
    "-vettool",
    "-trace",
    "-mutexprofile",
    "-blockprofile",
  ],
})

/** Package managers and what builds with them. */
export const PACKAGES: Readonly<Record<string, Program>> = {
  npm: nodeManager("runs npm"),
  pnpm: nodeManager("runs pnpm"),
  yarn: program("execute network", "runs yarn or a script of the project", {
    // The project's settings name the yarn that runs.
    verbs: { ...NODE_VERBS, ...verbs(LISTING, program("execute", "runs the project's own yarn", { keeps: 0 })) },
    hosts: NPM,
    powerful: NPM_POWERS,
  }),
  bun: program("execute", "runs code of the project", {
    verbs: {
      ...NODE_VERBS,
      ...verbs(
        "build",
        program("execute write", "bundles the project", {
          keeps: 0,
          powerful: ["--outfile", "--outdir", "--compile", "--plugin"],
        }),
      ),
      ...verbs("x", runsPackage),
      test: { ...tests, powerful: BUN_POWERS },
      pm: program("execute write", "changes packages, or lets their scripts run", {
        verbs: verbs("ls bin hash", lists),
      }),
    },
    hosts: NPM,
    powerful: [...BUN_POWERS, "-e", "--eval", "-p", "--print"],
  }),
  ...verbs("npx bunx pnpx", runsPackage),
  deno: program("execute", "runs code of the project", {
    verbs: {
      ...verbs(
        "test check lint fmt bench",
        program("execute", "checks the project's code", {
          keeps: 0,
          powerful: ["--allow-all", "-A", "--allow-run", "--config", "-c", "--import-map"],
        }),
      ),
      task: program("execute", "runs a task of the project", { keeps: 1 }),
      ...verbs(
        "install add cache upgrade",
        program("network execute write", "fetches code", { hosts: ["jsr.io:443", "deno.land:443", ...NPM] }),
      ),
      publish: publishes,
    },
  }),
  ...verbs("pip pip3", pip),
  uvx: program("network execute", "runs a package, fetching it", { hosts: PYPI, keeps: 1 }),
  pipx: program("network execute", "runs or installs packages", {
    hosts: PYPI,
    verbs: { run: program("network execute", "runs a package, fetching it", { hosts: PYPI, keeps: 1 }) },
  }),
  uv: pythonRunner("runs uv"),
  poetry: pythonRunner("runs poetry"),
  pipenv: pythonRunner("runs pipenv"),
  pdm: pythonRunner("runs pdm"),
  hatch: pythonRunner("runs hatch"),
  ...verbs(
    "conda mamba micromamba",
    program("network execute write", "changes an environment", {
      hosts: ["conda.anaconda.org:443", "repo.anaconda.com:443"],
      verbs: { list: program("read", "lists packages"), info: program("read", "shows the environment") },
    }),
  ),
  twine: publishes,
  cargo: program("execute", "runs cargo", {
    hosts: CRATES,
    powerful: ["--config", "-Z", "-C"],
    verbs: {
      ...verbs(
        "build b check c test t bench clippy doc d run r fmt nextest rustc rustdoc expand miri tree metadata fix",
        cargoBuild,
      ),
      ...verbs(
        "add remove rm",
        program("network write", "changes the packages that the project needs", { hosts: CRATES }),
      ),
      ...verbs(
        "fetch update search info generate-lockfile vendor",
        program("network write", "fetches packages", {
          hosts: CRATES,
          keeps: 0,
          powerful: ["--config", "-C", "--registry", "--index", "--git"],
        }),
      ),
      ...verbs("install uninstall", program("network execute write", "installs programs", { hosts: CRATES })),
      ...verbs("publish yank owner login logout", publishes),
      clean: program("write", "removes what a build makes again", {
        keeps: 0,
        powerful: ["--target-dir", "--config", "--manifest-path", "-C"],
      }),
      ...verbs("new init", program("write", "makes a project", { writes: "all" })),
    },
  }),
  rustup: program("network execute write", "changes the toolchain", {
    hosts: ["static.rust-lang.org:443"],
    verbs: { show: program("network", "shows the toolchain, fetching the one that the project names") },
  }),
  go: program("execute", "runs go", {
    verbs: {
      ...verbs("build test vet generate tool doc list fix bug version", goBuild),
      run: { ...goBuild, keeps: 1 },
      fmt: program("write execute", "formats the project's code", { keeps: 0, powerful: ["-C", "-toolexec"] }),
      env: program("read", "shows settings of go", { powerful: ["-w", "-u", "-C"] }),
      ...verbs("get install", program("network execute write", "fetches and builds modules", { hosts: GO })),
      mod: program("network write", "changes the project's modules", {
        hosts: GO,
        keeps: 1,
        powerful: ["-C", "-modfile", "-o", "-overlay", "-toolexec"],
      }),
      work: program("write", "changes the project's workspace", { keeps: 1 }),
      clean: program("write", "removes what a build makes again", { keeps: 0, powerful: ["-modcache", "-C", "-i"] }),
    },
  }),
  ...verbs(
    "gem",
    program("network execute write", "installs packages", {
      hosts: GEMS,
      verbs: { ...verbs("push yank owner signin", publishes), list: program("read", "lists packages") },
    }),
  ),
  bundle: program("network execute", "runs bundler", {
    hosts: GEMS,
    verbs: {
      exec: program("execute", "runs a program of the project's packages", { keeps: 1 }),
      ...verbs("install update add", program("network execute write", "installs packages", { hosts: GEMS })),
      ...verbs("list show check", program("execute", "runs the project's Gemfile", { keeps: 0 })),
    },
  }),
  composer: program("network execute write", "installs packages and runs their scripts", {
    hosts: ["repo.packagist.org:443"],
    verbs: { test: tests, ...verbs("run run-script exec", script) },
  }),
  ...verbs(
    "mvn mvnw ./mvnw",
    program("execute network", "builds the project", {
      hosts: MAVEN,
      keeps: 1,
      isMany: true,
      powerful: ["-f", "--file", "-s", "--settings", "-gs", "-t"],
      verbs: verbs("deploy release:perform site-deploy", publishes),
    }),
  ),
  ...verbs(
    "gradle gradlew ./gradlew",
    program("execute network", "builds the project", {
      hosts: [...MAVEN, "plugins.gradle.org:443", "services.gradle.org:443"],
      keeps: 1,
      isMany: true,
      powerful: ["-b", "-c", "-I", "--init-script", "-p", "-g", "--project-dir", "--include-build"],
      verbs: verbs("publish uploadArchives publishPlugins", publishes),
    }),
  ),
  dotnet: program("execute network", "runs dotnet", {
    hosts: ["api.nuget.org:443"],
    verbs: {
      ...verbs(
        "build test run format",
        program("execute", "builds and runs the project's code", {
          keeps: 0,
          powerful: ["-o", "--output", "--property", "-p"],
        }),
      ),
      ...verbs("nuget", publishes),
    },
  }),
}
