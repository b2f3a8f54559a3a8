import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rounds } from "../scene.ts"
import { bash, DIRTY_REPOSITORY, reversed, stateOf, undoing, workspace } from "./workspace.ts"

let template = ""
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "skein-template-"))
  await bash(template, DIRTY_REPOSITORY)
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

test("undo of random scripts restores bytes, modes and links exactly, and redo makes them again", async () => {
  const count = rounds(8, 2_000)
  for (let seed = 1; seed <= count; seed++) await playRound(seed)
}, 3_600_000)

async function playRound(seed: number): Promise<void> {
  const random = generator(seed)
  await using own = workspace()
  await bash(own.base, `cp -a ${template}/. ${own.root}/`)
  const start = stateOf(own.root)
  const calls = []
  const scripts: string[] = []
  const persons: Record<string, string> = {}
  for (let call = 0; call < 3; call++) {
    const script = scriptOf(random, own.root)
    scripts.push(script)
    calls.push((await own.bash(script)).changes)
    const after = stateOf(own.root)
    // The person writes between the calls, a file of theirs and one that nothing touched so far.
    const touched = new Set(calls.flat().map(({ path }) => path.slice(own.root.length + 1)))
    const free = readdirSync(own.root).filter((name) => after[name]?.startsWith("file") && !touched.has(name))
    const theirs = [`person-${call}.txt`, ...free.slice(0, 1)]
    for (const name of theirs) {
      rmSync(own.at(name), { force: true }) // by another name it may be a file that a call touched
      writeFileSync(own.at(name), `by hand ${seed} ${call}`)
    }
    const written = stateOf(own.root)
    for (const name of theirs) persons[name] = written[name] ?? ""
  }
  const end = stateOf(own.root)
  const steps = undoing(...calls)
  const story = `seed ${seed}\n${scripts.join("\n---\n")}`

  const undone = await own.port.restore(steps, "refuse")
  expect({ story, state: stateOf(own.root), conflicts: undone.conflicts }).toEqual({
    story,
    state: { ...start, ...persons },
    conflicts: [],
  })
  expect({ story, again: (await own.port.restore(steps, "refuse")).changes }).toEqual({ story, again: [] })
  const redone = await own.port.restore(reversed(steps), "refuse")
  expect({ story, state: stateOf(own.root), conflicts: redone.conflicts }).toEqual({ story, state: end, conflicts: [] })
}

/** Some commands on what is there, by name or by chance. */
function scriptOf(random: (below: number) => number, root: string): string {
  const paths = Object.keys(stateOf(root)).filter((path) => path !== "" && !path.includes(".git/") && path !== ".git")
  const one = () => `'${(paths[random(paths.length)] ?? "x").replaceAll("'", "'\\''")}'`
  const fresh = () => `'new-${random(30)}'`
  const mode = () => ["644", "600", "755", "444", "4755", "000"][random(6)] ?? "644"
  const commands: (() => string)[] = [
    () => `echo ${random(1_000)} > ${fresh()}`,
    () => `echo ${random(1_000)} >> ${one()}`,
    () => `rm -f ${one()}`,
    () => `rm -rf ${one()}`,
    () => `chmod ${mode()} ${one()}`,
    () => `mv ${one()} ${one()}`,
    () => `mv -f ${one()} ${fresh()}`,
    () => `ln -sfn ${one()} ${fresh()}`,
    () => `ln -f ${one()} ${fresh()}`,
    () => `ln -f ${one()} ${fresh()} && echo through >> ${fresh()}`,
    () => `mkdir -p ${fresh()}/a/b && echo ${random(99)} > ${fresh()}/a/b/f`,
    () => `cp -a ${one()} ${fresh()}`,
    () => `: > ${one()}`,
    () => `truncate -s ${random(5_000)} ${one()}`,
    () => `sed -i 's/1/2/g' ${one()}`,
    () => `dd if=/dev/urandom of=${one()} bs=100 count=${random(20)} conv=notrunc`,
    () => `python3 -c 'import os,sys; os.unlink(sys.argv[1])' ${one()}`,
    () => "git reset --hard -q",
    () => "git clean -fdxq",
    () => "git clean -fdxfq",
    () => "git checkout -q side",
    () => "git add -A && git commit -qm more",
    () => "git stash -q",
    () => "git stash pop -q",
    () => "git gc -q --prune=now",
    () => "rm -rf src",
    () => "rm -rf nested/.git",
    () => "rm -rf .git",
    () => "git -C nested commit -qam changed",
    () => "find . -name '*.txt' -delete",
    () => `rm -rf ${one()} && mkdir ${one()}`,
    () => "chmod -R a-w src",
    () => `touch -r src/a.txt ${one()}`,
  ]
  return Array.from({ length: 1 + random(6) }, () => commands[random(commands.length)]?.()).join("\n")
}

/** The same numbers for the same seed (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
