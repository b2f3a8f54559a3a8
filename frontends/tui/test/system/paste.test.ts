import { expect, test } from "bun:test"
import { inflateSync } from "node:zlib"
import { pngOfBitmap } from "../../src/system/clipboard/bitmap.ts"
import { paste } from "../../src/system/clipboard/paste.ts"
import type { Machine } from "../../src/system/machine.ts"
import { bitmap } from "./bitmaps.ts"
import { type Answer, fakeMachine, only } from "./fakes.ts"

const PNG = Buffer.from("\x89PNG\r\n\x1a\nrest", "latin1")
const IMAGE = { kind: "image", mediaType: "image/png", data: PNG.toString("base64"), bytes: PNG.length } as const
const PIXELS = [
  [0xff0000, 0x00ff00, 0x0000ff],
  [0x123456, 0xffffff, 0x000000],
]
const WAYLAND = { WAYLAND_DISPLAY: "wayland-0" }
const X = { DISPLAY: ":0" }
const WSL = { WSL_DISTRO_NAME: "Debian" }
const encoded = (text: string) => Buffer.from(text).toString("base64")

type Scene = Partial<Pick<Machine, "env" | "platform">>

/** By what stands in front of the command line, the longest first. */
const CLIPBOARDS: readonly [holds: string, scene: Scene, answers: Record<string, Answer>, pasted: object][] = [
  [
    "an image under Wayland",
    { env: WAYLAND },
    { "wl-paste --list-types": "image/png\n", "wl-paste --no-newline --type image/png": PNG },
    IMAGE,
  ],
  [
    "an image under X",
    { env: X },
    {
      "xclip -selection clipboard -o -t TARGETS": "TIMESTAMP\nimage/png\n",
      "xclip -selection clipboard -o -t image/png": PNG,
    },
    IMAGE,
  ],
  [
    "text and a picture of it",
    { env: X },
    {
      "xclip -selection clipboard -o -t TARGETS": "image/png\nUTF8_STRING\n",
      "xclip -selection clipboard -o -t UTF8_STRING": "a cell",
    },
    { kind: "text", text: "a cell" },
  ],
  [
    "files of a file manager",
    { env: WAYLAND },
    {
      "wl-paste --list-types": "x-special/gnome-copied-files\ntext/plain\nimage/png\n",
      "wl-paste --no-newline --type x-special/gnome-copied-files":
        "copy\nfile:///home/me/a%20b.png\nfile:///home/me/c.txt",
    },
    { kind: "files", paths: ["/home/me/a b.png", "/home/me/c.txt"] },
  ],
  ["text where only xsel is", { env: X }, { "xsel -ob": "hello" }, { kind: "text", text: "hello" }],
  ["nothing", { env: WAYLAND }, { "wl-paste --list-types": 1 }, { kind: "nothing", why: "The clipboard is empty." }],
  [
    "an image on a Mac with pngpaste",
    { platform: "darwin" },
    { "osascript -e clipboard info": "«class PNGf», 9", pbpaste: "", pngpaste: PNG },
    IMAGE,
  ],
  [
    "an image on a Mac without it",
    { platform: "darwin" },
    {
      "osascript -e clipboard info": "TIFF picture, 9",
      pbpaste: "",
      "osascript -e get the clipboard as «class PNGf»": `«data PNGf${PNG.toString("hex").toUpperCase()}»\n`,
    },
    IMAGE,
  ],
  [
    "text on a Mac",
    { platform: "darwin" },
    { "osascript -e clipboard info": "string, 5", pbpaste: "hello" },
    { kind: "text", text: "hello" },
  ],
  [
    "files on a Mac",
    { platform: "darwin" },
    {
      "osascript -e clipboard info": "«class furl», 30",
      "osascript -e use framework": "/Users/me/a b.png\n/Users/me/c.txt\n\n",
    },
    { kind: "files", paths: ["/Users/me/a b.png", "/Users/me/c.txt"] },
  ],
  ["an image on Windows", { platform: "win32" }, { "powershell.exe": `image\r\n${PNG.toString("base64")}\r\n` }, IMAGE],
  [
    "files of Windows, from a Linux inside it",
    { env: WSL },
    {
      "powershell.exe": `files\r\n${encoded("C:\\Users\\me\\shot 1.png")}\r\n${encoded("\\\\wsl.localhost\\Debian\\home\\me\\x")}\r\n`,
    },
    { kind: "files", paths: ["/mnt/c/Users/me/shot 1.png", "/home/me/x"] },
  ],
  [
    "the path of an image, as text of Windows",
    { env: WSL },
    { "powershell.exe": `text\n${encoded('"C:\\shots\\1.PNG"')}\n` },
    { kind: "files", paths: ["/mnt/c/shots/1.PNG"] },
  ],
  [
    "text of Windows",
    { env: WSL },
    { "powershell.exe": `text\n${encoded("a\r\nb")}\n` },
    { kind: "text", text: "a\nb" },
  ],
  [
    "an image of a kind that nobody shows",
    { env: WAYLAND },
    { "wl-paste --list-types": "image/bmp\n", "wl-paste --no-newline": "BM and nothing more" },
    { kind: "nothing", why: "The clipboard holds an image of a kind that models are not shown." },
  ],
]

for (const [holds, scene, answers, pasted] of CLIPBOARDS) {
  test(`a clipboard that holds ${holds} is pasted as what it is`, async () => {
    expect(await paste(fakeMachine(only(answers), scene))).toEqual(pasted as Awaited<ReturnType<typeof paste>>)
  })
}

test("a bitmap of the Windows below is shown to models as PNG", async () => {
  const bytes = bitmap(PIXELS, { bits: 32, isFile: true })
  const answers = { "wl-paste --list-types": "image/bmp\n", "wl-paste --no-newline --type image/bmp": bytes }
  const pasted = await paste(fakeMachine(only(answers), { env: { ...WSL, ...WAYLAND } }))
  expect(pasted).toMatchObject({ kind: "image", mediaType: "image/png" })
})

test("where nothing reads the clipboard, it says what would, and over ssh where the clipboard is", async () => {
  const why = async (env: Record<string, string>) => {
    const pasted = await paste(fakeMachine(only({}), { env }))
    return pasted.kind === "nothing" ? pasted.why : pasted.kind
  }
  expect(await Promise.all([why(WAYLAND), why(X), why({}), why({ SSH_TTY: "/dev/pts/0" })])).toEqual([
    "The clipboard cannot be read: install wl-clipboard.",
    "The clipboard cannot be read: install xclip.",
    "There is no clipboard here: paste with your terminal's own key.",
    "The clipboard is at your end of the connection: paste with your terminal's own key.",
  ])
})

test("an image that providers refuse is not pasted, and says how large it is", async () => {
  const large = Buffer.concat([PNG, Buffer.alloc(3_800_000)])
  const answers = { "wl-paste --list-types": "image/png\n", "wl-paste --no-newline": large }
  expect(await paste(fakeMachine(only(answers), { env: WAYLAND }))).toEqual({
    kind: "nothing",
    why: `The image in the clipboard is ${large.length} bytes, and providers take 3750000.`,
  })
})

const KINDS = [
  { bits: 24, isFile: true },
  { bits: 32, isFile: true },
  { bits: 32, isFile: false, isTopDown: true },
  { bits: 24, isFile: false },
] as const

for (const kind of KINDS) {
  test(`a bitmap keeps every pixel as PNG: ${JSON.stringify(kind)}`, async () => {
    const png = await pngOfBitmap(bitmap(PIXELS, kind))
    expect(pixelsOf(Buffer.from(png ?? []))).toEqual(PIXELS)
  })
}

test("bytes that only begin like a bitmap are none, whatever size they claim", async () => {
  const bytes = bitmap(PIXELS, { bits: 24, isFile: true })
  for (let length = 0; length < bytes.length; length++) {
    expect(await pngOfBitmap(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined()
  }
  bytes.writeInt32LE(2_000_000_000, 18)
  expect(await pngOfBitmap(bytes)).toBeUndefined()
})

/** Of a PNG with one IDAT, eight bits a channel and no filter: by its chunks, whose sums must be right. */
function pixelsOf(png: Buffer): number[][] {
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const named = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(Bun.hash.crc32(named))
    chunks.set(named.subarray(0, 4).toString("latin1"), named.subarray(4))
    at += length + 12
  }
  const width = chunks.get("IHDR")?.readUInt32BE(0) ?? 0
  const rows = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0))
  return Array.from({ length: rows.length / (width * 3 + 1) }, (_, row) =>
    Array.from({ length: width }, (_, column) => rows.readUIntBE(row * (width * 3 + 1) + 1 + column * 3, 3)),
  )
}
