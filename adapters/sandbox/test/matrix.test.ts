import { describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { landlockVersion } from "../src/jail/kernel.ts"
import type { Examined } from "./examiner.ts"
import { testWorld, whyUnconfined } from "./world.ts"

/** Each case is a kernel that lacks something, which a filter around the whole of skein pretends. */
const isHere = (await whyUnconfined()) === undefined && (await landlockVersion()) >= 3 && process.arch === "x64"

const ENOSYS = 38
const EPERM = 1
const LANDLOCK = { number: 444, error: ENOSYS }
const SECCOMP = { number: 317, error: ENOSYS }
/** With any of these flags: a user namespace. `clone3` says that it is not there, so that `clone` is asked. */
const NAMESPACES = [
  { number: 56, error: EPERM, bits: 0x1000_0000 },
  { number: 272, error: EPERM, bits: 0x1000_0000 },
  { number: 435, error: ENOSYS },
]

describe.skipIf(!isHere || Bun.which("perl") === null)("on a kernel without", () => {
  for (const [what, refused, expected] of [
    ["Landlock", [LANDLOCK], { by: "bubblewrap+seccomp", weaker: "only the mounts", missing: ["landlock", "rung"] }],
    [
      "user namespaces",
      NAMESPACES,
      {
        by: "landlock+seccomp",
        weaker: "bubblewrap is installed but does not work here",
        missing: ["bubblewrap", "rung"],
      },
    ],
    ["both", [LANDLOCK, ...NAMESPACES], { by: undefined, cure: /./, missing: ["bubblewrap", "landlock", "rung"] }],
    [
      "filters of system calls",
      [SECCOMP],
      { by: undefined, cure: /CONFIG_SECCOMP_FILTER/, missing: ["seccomp", "rung"] },
    ],
  ] as const) {
    test(`${what}, it is said what holds, what does not, and nothing runs unconfined`, async () => {
      const { given, missing, output } = await examined(refused)

      expect(given.by).toBe(expected.by as string)
      expect(missing).toEqual([...expected.missing])
      if ("weaker" in expected) expect(given.weaker).toContain(expected.weaker)
      else expect(given.cure).toMatch(expected.cure)
      expect(output).toMatch(expected.by === undefined ? /^refused: / : /^ran\n/)
      expect(output).not.toContain("x\n")
      expect(existsSync("/etc/skein-probe")).toBe(false)
    })
  }
})

interface Refused {
  readonly number: number
  readonly error: number
  readonly bits?: number
}

/** Runs the examiner under a filter that answers these calls with an error. */
async function examined(refused: readonly Refused[]): Promise<Examined> {
  const world = testWorld()
  const program = refused.flatMap(({ number, error, bits }) => {
    const refusal = [0x06, 0, 0, 0x0005_0000 | error]
    const allowed = [0x06, 0, 0, 0x7fff_0000]
    const block = bits === undefined ? [refusal] : [[0x20, 0, 0, 16], [0x45, 0, 1, bits], refusal, allowed]
    return [[0x15, 0, block.length, number], ...block]
  })
  const filter = [[0x20, 0, 0, 0], ...program, [0x06, 0, 0, 0x7fff_0000]]
  const packed = filter.map(
    ([code = 0, yes = 0, no = 0, operand = 0]) => `pack("SCCL", ${code}, ${yes}, ${no}, ${operand})`,
  )
  const under =
    `my $f = join "", ${packed.join(", ")}; my $p = pack("S x6 P", ${filter.length}, $f); ` +
    `syscall(157, 38, 1, 0, 0, 0) == 0 or die; syscall(157, 22, 2, $p) == 0 or die "no filter: $!"; exec @ARGV`
  const argv = ["perl", "-e", under, process.execPath, join(import.meta.dir, "examiner.ts"), world.workspace]
  try {
    const child = Bun.spawn(argv, { stdio: ["ignore", "pipe", "inherit"], cwd: world.workspace })
    return JSON.parse(await child.stdout.text())
  } finally {
    world.cleanUp()
  }
}
