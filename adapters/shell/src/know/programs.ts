import { PACKAGES } from "./packages.ts"
import { type Program, program, verbs } from "./program.ts"

const builds = (why: string, more: Omit<Program, "risks" | "why"> = {}) =>
  program("execute", why, { keeps: 0, ...more })
const removes = program("destroy", "removes files for good", { writes: "all" })
const rights = program("escalate", "takes more rights, or changes the machine")
const disks = program("destroy escalate", "writes to disks themselves")
const publishes = program("publish network", "sends to others")
const remote = program("network publish", "acts on another machine")
const mail = program("publish network", "sends mail")

/** Programs of the system and of development, besides package managers and git. */
const OTHERS: Readonly<Record<string, Program>> = {
  // Files
  ...verbs(
    "cp",
    program("write", "copies files, over what is there", {
      writes: "last",
      reads: "but-last",
      writesTo: ["-t", "--target-directory"],
      powerful: ["-f", "--force", "--remove-destination", "-t", "--target-directory"],
    }),
  ),
  mv: program("write", "moves files, over what is there", {
    writes: "all",
    writesTo: ["-t", "--target-directory"],
    powerful: ["-f", "--force", "-t", "--target-directory"],
  }),
  rename: program("write execute", "renames files by a piece of code", { writes: "all" }),
  install: program("write", "copies files, over what is there", {
    writes: "last",
    reads: "but-last",
    writesTo: ["-t", "--target-directory"],
    powerful: ["-s", "--strip-program", "-m", "--mode", "-o", "-g", "-t"],
  }),
  ln: program("write", "makes links", {
    writes: "last",
    writesTo: ["-t", "--target-directory"],
    powerful: ["-f", "--force", "-t"],
  }),
  link: program("write", "makes links", { writes: "all" }),
  touch: program("write", "makes files or changes their times", { writes: "all", keeps: 0 }),
  mkdir: program("write", "makes folders", { writes: "all", keeps: 0, powerful: ["-m", "--mode", "-Z"] }),
  mktemp: program("write", "makes a temporary file", { keeps: 0 }),
  mkfifo: program("write", "makes a pipe", { writes: "all" }),
  mknod: rights,
  rmdir: program("write", "removes empty folders", { writes: "all", powerful: ["-p", "--parents"] }),
  ...verbs("rm unlink shred srm wipe rimraf del-cli trash", removes),
  truncate: program("destroy", "cuts files off", { writes: "all" }),
  tee: program("write", "writes files", { writes: "all" }),
  split: program("write", "writes files", { powerful: ["--filter"] }),
  csplit: program("write", "writes files"),
  patch: program("write", "changes files", {
    writes: "all",
    writesTo: ["-o", "--output", "-r"],
    powerful: ["-o", "--output", "-d", "--directory", "-r", "-e", "--ed"],
  }),
  ...verbs(
    "gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4",
    program("write", "packs or unpacks files", { writes: "all" }),
  ),
  zip: program("write", "writes an archive", { powerful: ["-T", "-TT", "--unzip-command", "-m"] }),
  unzip: program("write", "unpacks files, over what is there", { reads: "all", writesTo: ["-d"] }),
  tar: program("write", "writes files or an archive", {
    powerful: [
      "--checkpoint-action",
      "--to-command",
      "--use-compress-program",
      "-I",
      "--rsh-command",
      "-F",
      "--info-script",
      "--new-volume-script",
      "--remove-files",
      "--rmt-command",
      "-P",
      "--absolute-names",
      "--overwrite",
    ],
  }),
  ...verbs("7z 7za 7zr rar unrar cpio ar", program("write", "writes files or an archive")),
  dd: program("write", "writes bytes to a file"),
  sed: program("write", "changes files", { powerful: ["-f", "--file"] }),
  ...verbs("awk gawk mawk nawk", program("execute", "runs a piece of code")),
  ...verbs(
    "chmod chown chgrp",
    program("write", "changes who may do what with files", {
      writes: "but-first",
      powerful: ["-R", "--recursive", "--reference"],
    }),
  ),
  ...verbs("chattr setfattr setfacl setcap", rights),
  ...verbs("fd fdfind", program("unknown", "runs or writes something for what it finds")),
  rsync: program("write network", "copies files, over what is there", {
    powerful: ["-e", "--rsh", "--rsync-path", "--delete", "--remove-source-files", "--daemon"],
    writes: "last",
  }),
  ...verbs(
    "ex ed vi vim nvim nano emacs pico joe micro code",
    program("execute write", "edits files, and can run commands", { writes: "all" }),
  ),
  sponge: program("write", "writes a file", { writes: "all" }),
  sdiff: program("write", "writes a file", { powerful: ["-o", "--output"] }),
  ...verbs(
    "xmllint envsubst iconv dos2unix unix2dos convert magick ffmpeg pandoc",
    program("write", "writes files", { writesTo: ["-o", "--output"] }),
  ),
  sqlite3: program("execute write", "runs SQL, which can write files"),
  // Disks and the machine
  ...verbs(
    "mkfs mke2fs mkswap fdisk sfdisk gdisk parted wipefs blkdiscard cryptsetup lvremove vgremove pvremove hdparm",
    disks,
  ),
  ...verbs(
    "sudo doas su pkexec runuser chroot nsenter unshare mount umount insmod modprobe rmmod sysctl iptables ip6tables nft ufw firewall-cmd",
    rights,
  ),
  ...verbs(
    "systemctl service systemd-run launchctl at batch crontab loginctl useradd usermod userdel groupadd passwd chpasswd visudo update-rc.d update-alternatives ldconfig swapon swapoff reboot shutdown halt poweroff init telinit chsh setenforce",
    program("escalate", "changes the machine, or starts things that stay"),
  ),
  ...verbs(
    "ssh-keygen ssh-copy-id ssh-add ssh-agent gpg gpg2 gpg-agent pass secret-tool security keyctl",
    program("escalate", "touches keys"),
  ),
  ...verbs("kill pkill killall", program("execute", "ends processes")),
  ...verbs(
    "gdb lldb strace ltrace perf bpftrace ptrace",
    program("execute", "looks into other programs, and runs them"),
  ),
  ldd: builds("may run the program it looks at"),
  // Network
  ...verbs("curl wget aria2c httpie http https xh", program("network", "talks to another machine")),
  ...verbs("ssh scp sftp rclone mosh telnet ftp lftp tftp socat nc ncat netcat nmap", remote),
  ...verbs(
    "ping dig nslookup host traceroute whois ntpdate",
    program("network", "asks another machine, and can carry data there"),
  ),
  ...verbs("mail mailx sendmail mutt msmtp swaks", mail),
  openssl: program("execute", "can do many things, network and files among them"),
  // Publishing
  gh: program("network publish", "acts on GitHub", {
    hosts: ["api.github.com:443"],
    verbs: Object.fromEntries(
      "pr issue run repo release workflow label cache gist".split(" ").map((noun) => [
        noun,
        program("publish network", "changes things on GitHub", {
          hosts: ["api.github.com:443"],
          verbs: verbs(
            "view list status diff checks watch",
            program("network", "reads from GitHub", {
              hosts: ["api.github.com:443"],
              keeps: 0,
              powerful: ["--web", "-w"],
            }),
          ),
        }),
      ]),
    ),
  }),
  ...verbs("glab hub tea", publishes),
  ...verbs(
    "vercel netlify fly flyctl heroku firebase wrangler surge railway serverless sls amplify eb",
    program("publish network", "deploys"),
  ),
  ...verbs("aws gcloud az doctl s3cmd gsutil", program("network publish", "acts on a cloud")),
  terraform: program("network execute", "acts on machines elsewhere", {
    verbs: {
      ...verbs("fmt validate", program("execute", "checks its files", { keeps: 0 })),
      ...verbs("apply import", program("publish network", "changes machines elsewhere")),
      destroy: program("destroy publish", "takes machines down"),
    },
  }),
  kubectl: program("network publish", "acts on a cluster", {
    verbs: {
      ...verbs(
        "get describe logs top explain version config api-resources",
        program("network", "reads from a cluster", { keeps: 0, powerful: ["--kubeconfig", "--server", "-s"] }),
      ),
      delete: program("destroy network", "takes things of a cluster away"),
    },
  }),
  helm: program("network publish", "acts on a cluster", {
    verbs: verbs(
      "lint template list",
      program("execute", "checks charts", { keeps: 0, powerful: ["--post-renderer"] }),
    ),
  }),
  ansible: remote,
  "ansible-playbook": remote,
  // Containers: who may talk to the daemon can do everything.
  ...verbs(
    "docker podman nerdctl",
    program("execute network", "runs containers", {
      verbs: {
        ...verbs(
          "ps images logs inspect version info top stats port diff history events",
          program("read", "shows containers"),
        ),
        ...verbs("rm rmi kill", program("destroy", "removes containers or images")),
        ...verbs(
          "system volume network image container builder buildx",
          program("execute", "changes containers and what they keep", {
            verbs: {
              ...verbs("prune rm remove", program("destroy", "removes what containers keep")),
              ...verbs("ls list inspect df", program("read", "shows containers")),
              build: program("execute network", "builds an image", {
                keeps: 0,
                powerful: ["--output", "-o", "--push", "--allow", "--secret", "--ssh", "--load"],
              }),
            },
          }),
        ),
        ...verbs("push login logout", publishes),
        pull: program("network", "fetches an image", { hosts: ["registry-1.docker.io:443", "auth.docker.io:443"] }),
        build: program("execute network", "builds an image", {
          keeps: 0,
          powerful: ["--output", "-o", "--push", "--allow", "--secret", "--ssh", "--network", "-f", "--file"],
        }),
        compose: program("execute network", "runs containers", {
          verbs: {
            ...verbs("ps logs config ls images top", program("read", "shows containers")),
            ...verbs(
              "up build start stop restart pull",
              program("execute network", "runs containers of the project", { keeps: 0 }),
            ),
            ...verbs("down rm", program("destroy", "takes containers down")),
          },
          powerful: ["-f", "--file", "--project-directory", "--env-file"],
        }),
      },
    }),
  ),
  "docker-compose": program("execute network", "runs containers", {
    verbs: {
      ...verbs("ps logs config", program("read", "shows containers")),
      ...verbs(
        "up build start stop restart",
        program("execute network", "runs containers of the project", { keeps: 0 }),
      ),
      ...verbs("down rm", program("destroy", "takes containers down")),
    },
    powerful: ["-f", "--file", "--project-directory", "--env-file"],
  }),
  ...verbs("dropdb dropuser", program("destroy network", "drops a database")),
  ...verbs(
    "psql mysql mariadb mongosh mongo redis-cli createdb pg_dump pg_restore mysqldump",
    program("network execute", "acts on a database"),
  ),
  // Building, testing, checking
  ...verbs(
    "make gmake",
    builds("builds what the project's makefile says", {
      keeps: 1,
      isMany: true,
      powerful: ["-f", "--file", "--makefile", "-C", "--directory", "-I", "--include-dir", "--eval", "-E"],
    }),
  ),
  ...verbs(
    "just task rake invoke nox tox mage grunt gulp",
    builds("runs a task of the project", {
      keeps: 1,
      isMany: true,
      powerful: ["-f", "--justfile", "--taskfile", "-d", "--dir", "--rakefile", "-c", "--shell", "--working-directory"],
    }),
  ),
  ...verbs(
    "ninja meson bazel bazelisk buck2 pants nx turbo lerna rush lage",
    builds("builds the project", { keeps: 1 }),
  ),
  cmake: program("execute", "builds the project"),
  ...verbs(
    "gcc g++ cc c++ clang clang++ ld as rustc javac kotlinc swiftc scalac ghc nasm zig tcc",
    program("execute write", "compiles", {
      writesTo: ["-o"],
      powerful: ["-o", "-wrapper", "-B", "-fplugin", "-specs", "--specs", "-load"],
    }),
  ),
  ...verbs(
    "tsc tsgo",
    builds("checks or compiles the project", {
      powerful: ["--outDir", "--outFile", "-o", "--declarationDir", "-p", "--project", "--tsBuildInfoFile"],
    }),
  ),
  ...verbs(
    "eslint oxlint standard xo stylelint tslint",
    builds("runs the project's linter", {
      powerful: [
        "-c",
        "--config",
        "-o",
        "--output-file",
        "--rulesdir",
        "--resolve-plugins-relative-to",
        "--plugin",
        "-f",
        "--format",
        "--parser",
        "--import",
      ],
    }),
  ),
  ...verbs(
    "prettier biome dprint rome",
    builds("formats or checks the project", { powerful: ["--config", "--plugin", "--config-path", "--ignore-path"] }),
  ),
  ...verbs(
    "jest vitest mocha ava tap cypress playwright karma jasmine c8 nyc tsx ts-node ts-node-esm nodemon swc esbuild vite webpack rollup parcel next nuxt astro svelte-kit ng vue-cli-service storybook remix expo",
    builds("runs code of the project", {
      keeps: 0,
      powerful: [
        "-c",
        "--config",
        "-r",
        "--require",
        "--import",
        "--loader",
        "--globalSetup",
        "--setupFiles",
        "--rootDir",
        "--root",
        "-e",
        "--eval",
        "--outDir",
        "--outfile",
        "--reporter",
        "--reporters",
        "--transform",
        "--exec",
        "-x",
      ],
    }),
  ),
  ...verbs(
    "pytest py.test",
    builds("runs the project's tests", {
      powerful: [
        "-p",
        "-c",
        "--rootdir",
        "--confcutdir",
        "--basetemp",
        "--junitxml",
        "--junit-xml",
        "--pdbcls",
        "--log-file",
        "-o",
        "--override-ini",
        "--cov-report",
        "--cov-config",
        "--import-mode",
        "--pyargs",
      ],
    }),
  ),
  ...verbs(
    "mypy pyright ruff black isort flake8 pylint bandit pyflakes autopep8 yapf pycodestyle pydocstyle vulture",
    builds("checks or formats the project's code", {
      powerful: [
        "--config",
        "--config-file",
        "--rcfile",
        "-c",
        "--load-plugins",
        "--init-hook",
        "--output",
        "-o",
        "--output-file",
        "--plugins",
      ],
    }),
  ),
  ...verbs("coverage", builds("runs the project's tests", { keeps: 1, powerful: ["--rcfile", "--data-file"] })),
  ...verbs(
    "rspec rubocop phpunit phpstan psalm ctest shellcheck hadolint yamllint actionlint markdownlint golangci-lint staticcheck gofmt goimports rustfmt clang-format clang-tidy swiftlint ktlint checkstyle terraform-docs tflint pre-commit lefthook husky commitlint cspell knip depcheck madge typedoc sphinx-build mkdocs",
    builds("checks or formats the project's code", {
      powerful: [
        "-r",
        "--require",
        "-c",
        "--config",
        "--bootstrap",
        "-o",
        "--output",
        "--output-file",
        "-exec",
        "--load",
        "-load",
        "--plugin",
      ],
    }),
  ),
  ...verbs(
    "flask django-admin uvicorn gunicorn streamlit celery alembic rails hugo jekyll http-server serve live-server",
    builds("runs the project", { keeps: 1 }),
  ),
  ...verbs(
    "python python3 python2 pypy pypy3 node nodejs perl ruby php lua luajit Rscript julia java osascript tclsh guile racket elixir erl iex ghci scala groovy kotlin swift wish expect m4 bc dc octave",
    program("execute", "runs a program"),
  ),
  ...verbs("sh bash dash zsh ksh mksh fish csh tcsh rbash ash pwsh", program("execute", "runs a script")),
  ...verbs(
    "tmux screen daemonize start-stop-daemon dtach disown bg fg",
    program("execute escalate", "leaves things running"),
  ),
  ...verbs(
    "man info xdg-open open start browse sensible-browser",
    program("execute", "starts another program to show something"),
  ),
  ...verbs(
    "bind complete compopt enable trap coproc suspend logout caller fc",
    program("execute", "changes how the shell behaves"),
  ),
  ...verbs("source .", program("execute", "runs a script in this shell")),
  eval: program("unknown", "runs its words as a line"),
  parallel: program("unknown", "runs commands made of its input"),
  ...verbs("expect", program("execute", "runs a script that talks to programs")),
}

export const PROGRAMS: Readonly<Record<string, Program>> = { ...OTHERS, ...PACKAGES }
