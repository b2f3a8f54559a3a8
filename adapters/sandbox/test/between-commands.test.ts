import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { CANARY, CASES, drive, own } from "./cases.ts"
import { whyUnconfined } from "./world.ts"

interface Change {
  readonly name: string
  /** Shell lines of the person, in the folder that holds `home`, `workspace` and `outside`. */
  readonly before?: string
  readonly change: string
  /** Of the command that comes next. */
  readonly command: string
  /** All that it may say. */
  readonly says: string
}

const READ = "cat $(find ../home ../outside -type f)"
const SECRET = `echo ${CANARY} >`

const CHANGES: readonly Change[] = [
  { name: "keys appear at home", change: `mkdir home/.ssh; ${SECRET} home/.ssh/id`, command: READ, says: "" },
  {
    name: "keys appear at home, and its time of change is put back",
    change: `touch -r home then; mkdir home/.ssh; ${SECRET} home/.ssh/id; touch -r then home`,
    ...{ command: READ, says: "" },
  },
  {
    name: "a login appears beside other settings",
    before: "mkdir -p home/.config/gh-not",
    change: `mkdir home/.config/gh; ${SECRET} home/.config/gh/hosts.yml`,
    ...{ command: READ, says: "" },
  },
  {
    name: "a login appears in a folder that was not to be entered",
    before: "mkdir -p home/.config; chmod 0 home/.config",
    change: `chmod 700 home/.config; mkdir home/.config/gh; ${SECRET} home/.config/gh/hosts.yml`,
    ...{ command: READ, says: "" },
  },
  {
    name: "a folder of settings that was not there is moved in",
    before: `mkdir -p later/gh; ${SECRET} later/gh/hosts.yml`,
    change: "mv later home/.config",
    ...{ command: READ, says: "" },
  },
  {
    name: "a folder of settings is exchanged for another",
    before: `mkdir -p home/.config later/gh; ${SECRET} later/gh/hosts.yml`,
    change: "mv home/.config gone; mv later home/.config",
    ...{ command: READ, says: "" },
  },
  {
    name: "a folder of settings becomes a link",
    before: `mkdir -p home/.config outside/settings/gh; echo open > outside/settings/gh/hosts.yml`,
    change: `rmdir home/.config; ln -s ../outside/settings home/.config; ${SECRET} outside/settings/gh/hosts.yml`,
    ...{ command: READ, says: "" },
  },
  {
    name: "a link to keys leads elsewhere",
    before: `mkdir -p outside/one outside/two; ln -s ../outside/one home/.aws; echo open > outside/two/keys`,
    change: `ln -sfn ../outside/two home/.aws; ${SECRET} outside/two/keys`,
    ...{ command: READ, says: "" },
  },
  {
    name: "what a link on the way to keys leads to is exchanged",
    before: `mkdir -p outside/a/gh outside/b/gh; ln -s a outside/now; ln -s ../outside/now home/.config; echo open > outside/b/gh/k`,
    change: `ln -sfn b outside/now; ${SECRET} outside/b/gh/k`,
    ...{ command: READ, says: "" },
  },
  {
    name: "the only file in its folder is replaced",
    before: `mkdir home/.m2; ${SECRET} home/.m2/settings.xml`,
    change: `${SECRET} outside/new; mv outside/new home/.m2/settings.xml`,
    ...{ command: READ, says: "" },
  },
  {
    name: "the second of two links to keys leads elsewhere",
    before: `mkdir home/.m2; echo open > outside/a; echo open > outside/b; ln -s a outside/now; ln -s ../../outside/now home/.m2/settings.xml`,
    change: `ln -sfn b outside/now; ${SECRET} outside/b; rm outside/a`,
    ...{ command: READ, says: "" },
  },
  {
    name: "what a link to settings leads to appears",
    before: "ln -s ../outside/later home/.config",
    change: `mkdir -p outside/later/gh; ${SECRET} outside/later/gh/hosts.yml`,
    ...{ command: READ, says: "" },
  },
  {
    name: "what a link to the home folder leads to appears",
    before: "rmdir home; ln -s outside/later home",
    change: `mkdir -p outside/later/.ssh; ${SECRET} outside/later/.ssh/id`,
    ...{ command: READ, says: "" },
  },
  {
    name: "a file of tokens is replaced",
    before: `${SECRET} home/.npmrc`,
    change: `${SECRET} home/new; mv home/new home/.npmrc`,
    ...{ command: READ, says: "" },
  },
  {
    name: "a file of tokens becomes a folder",
    before: `${SECRET} home/.netrc`,
    change: `rm home/.netrc; mkdir home/.netrc; ${SECRET} home/.netrc/a`,
    ...{ command: READ, says: "" },
  },
  {
    name: "keys go away, and come back",
    before: `mkdir home/.ssh; ${SECRET} home/.ssh/id`,
    change: `rm -r home/.ssh; mkdir home/.ssh; ${SECRET} home/.ssh/id`,
    ...{ command: READ, says: "" },
  },
  {
    name: "the home folder is exchanged for another",
    before: `mkdir -p next/.ssh; ${SECRET} next/.ssh/id`,
    change: "mv home gone; mv next home",
    ...{ command: "cat ../home/.ssh/id", says: "" },
  },
  {
    name: "skein's own folder appears",
    change: `mkdir data; ${SECRET} data/keys`,
    ...{ command: "cat ../data/keys", says: "" },
  },
  {
    name: "a repository appears in the workspace",
    change: "cd workspace; git init -q .",
    command:
      "echo x > .git/hooks/pre-commit; echo x >> .git/config; ls -A .git/hooks | grep -v sample; grep -c ^x .git/config",
    says: "0\n",
  },
  {
    name: "a file that runs later appears in the workspace",
    change: "echo person > workspace/.envrc",
    command: "(echo command > .envrc); rm -f .envrc; cat .envrc",
    says: "person\n",
  },
  {
    name: "the workspace becomes a link to a folder with files that run later",
    before: "mkdir outside/tree; echo person > outside/tree/.envrc",
    change: "mv workspace gone; ln -s outside/tree workspace",
    command: "(echo command > .envrc); rm -f .envrc; cat .envrc; echo y > ../../home/a; ls ../../gone",
    says: "person\n",
  },
  {
    name: "the workspace is made anew",
    change: "rmdir workspace; mkdir workspace; echo new > workspace/which",
    command: "cat which; echo written > it; cat it",
    says: "new\nwritten\n",
  },
]

const reason = await whyUnconfined()

for (const { uid, owner } of CASES.filter(({ uid, owner }) => uid === owner)) {
  describe.skipIf(reason !== undefined)(`as uid ${uid}, what changes between two commands holds for the second`, () => {
    let base: string
    beforeEach(() => {
      base = realpathSync(mkdtempSync("/var/tmp/skein-between-"))
      for (const name of ["home", "workspace", "outside"]) mkdirSync(join(base, name))
      own(base, owner)
    })
    afterEach(() => rmSync(base, { recursive: true, force: true }))
    const outside = (lines: string) => ({ outside: `cd ${base}; ${lines}` })

    test.each(CHANGES)("$name", async ({ before = ":", change, command, says }) => {
      // Whatever is remembered of a folder is so only once it has been left alone for a moment.
      const commands = [
        outside(before),
        "true",
        outside("sleep 0.1"),
        "true",
        "true",
        outside(change),
        `{ ${command}; } 2>/dev/null`,
      ]
      expect((await drive({ base, commands, sandbox: "workspace-write" }, uid)).at(-1)).toBe(says)
    })

    test("logins that appear one after the other, each at once after a command", async () => {
      const stores = "gcloud gh hub glab-cli op rclone doctl sops age hcloud netlify stripe heroku Slack discord".split(
        " ",
      )
      const rounds = stores.map((name) => outside(`mkdir home/.config/${name}; ${SECRET} home/.config/${name}/a`))
      const commands = [outside("mkdir home/.config"), ...rounds.flatMap((round) => [round, READ])]
      expect((await drive({ base, commands, sandbox: "workspace-write" }, uid)).join("")).toBe("")
    })
  })
}
