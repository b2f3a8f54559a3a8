import { expect, test } from "bun:test"
import { copy } from "../../src/system/clipboard/copy.ts"
import { fakeMachine, only } from "./fakes.ts"

const OSC52 = "\u001b]52;c;aGVsbG8=\u0007"

const BY_PROGRAM: readonly [
  where: string,
  env: Record<string, string>,
  platform: string,
  there: string,
  ran: string,
][] = [
  ["Wayland", { WAYLAND_DISPLAY: "wayland-0", DISPLAY: ":0" }, "linux", "wl-copy", "wl-copy"],
  ["X", { DISPLAY: ":0" }, "linux", "xclip", "xclip -selection clipboard"],
  ["X without xclip", { DISPLAY: ":0" }, "linux", "xsel", "xsel -ib"],
  ["a Mac", {}, "darwin", "pbcopy", "pbcopy"],
  ["Linux inside Windows", { WSL_DISTRO_NAME: "Debian", WAYLAND_DISPLAY: "w" }, "linux", "clip.exe", "clip.exe"],
  ["Windows", {}, "win32", "clip.exe", "clip.exe"],
]

for (const [where, env, platform, there, ran] of BY_PROGRAM) {
  test(`on ${where} text is copied by ${there}, which is sure of it, and the terminal is told nothing`, async () => {
    const machine = fakeMachine(only({ [there]: "" }), { env, platform })
    expect(await copy("hello", machine)).toEqual({ way: there, isSure: true })
    expect(machine.asked.map(({ argv }) => argv)).toEqual([ran])
    expect(machine.said).toEqual([])
  })
}

test("Windows gets its text as it takes all of Unicode", async () => {
  const machine = fakeMachine(only({ "clip.exe": "" }), { platform: "win32" })
  await copy("ä→", machine)
  expect([...(machine.asked[0]?.input ?? [])]).toEqual([...Buffer.from("\ufeffä→", "utf16le")])
})

test("without a program the terminal is asked, and nobody claims that it took it", async () => {
  const machine = fakeMachine(only({}))
  expect(await copy("hello", machine)).toEqual({ way: "the terminal", isSure: false })
  expect(machine.said).toEqual([OSC52])
})

test("over ssh the terminal comes first: the clipboard of the other machine is nobody's", async () => {
  const machine = fakeMachine(only({ xclip: "" }), { env: { SSH_TTY: "/dev/pts/1", DISPLAY: ":10" } })
  expect(await copy("hello", machine)).toEqual({ way: "the terminal", isSure: false })
  expect(machine.asked).toEqual([])
})

test("tmux gets it for itself and to pass on", async () => {
  const machine = fakeMachine(only({}), { env: { TMUX: "/tmp/tmux", TERM: "tmux-256color" } })
  expect(await copy("hello", machine)).toEqual({ way: "tmux", isSure: false })
  expect(machine.said).toEqual([`${OSC52}\u001bPtmux;\u001b${OSC52}\u001b\\`])
})

test("a tmux that does not know how is told as any terminal is", async () => {
  const machine = fakeMachine(only({ tmux: 1 }), { env: { TMUX: "/tmp/tmux,1,0", SSH_TTY: "/dev/pts/1" } })
  expect(await copy("hello", machine)).toEqual({ way: "tmux", isSure: false })
  expect(machine.asked).toEqual([{ argv: "tmux load-buffer -w -", input: "hello" }])
  expect(machine.said).toEqual([`${OSC52}\u001bPtmux;\u001b${OSC52}\u001b\\`])
})

test("a program that fails is followed by the terminal", async () => {
  const machine = fakeMachine(only({ "wl-copy": 1 }), { env: { WAYLAND_DISPLAY: "w" } })
  expect(await copy("hello", machine)).toEqual({ way: "the terminal", isSure: false })
})

test("what fits nowhere is said not to be copied, with every reason", async () => {
  const machine = fakeMachine(only({ "wl-copy": 1 }), { env: { WAYLAND_DISPLAY: "w" } })
  expect(await copy("x".repeat(100_000), machine)).toEqual({
    failure: "wl-copy ended with exit code 1; it is 100000 bytes, and terminals take about 75000",
  })
  expect(machine.said).toEqual([])
})

test("a terminal that is known to take no text is not asked", async () => {
  const machine = fakeMachine(only({}), { env: { VTE_VERSION: "7600" } })
  expect(await copy("hello", machine)).toEqual({
    failure: "vte takes no text from programs, and neither wl-copy, xclip nor xsel is there",
  })
  expect(machine.said).toEqual([])
})
