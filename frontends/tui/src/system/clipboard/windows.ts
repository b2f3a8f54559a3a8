import type { Machine } from "../machine.ts"
import type { Argv } from "../programs.ts"
import type { Pasted } from "../system.ts"
import { pastedImage } from "./offered.ts"

/** Windows, also from a Linux inside it. */
export async function windowsClipboard({ programs }: Machine): Promise<Pasted | undefined> {
  const encoded = Buffer.from(SCRIPT, "utf16le").toString("base64")
  const args = ["-NoProfile", "-NonInteractive", "-STA", "-EncodedCommand", encoded] as const
  for (const program of PROGRAMS) {
    const argv: Argv = [program, ...args]
    const ran = await programs.run(argv, { timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX })
    if (ran === undefined) continue
    if (ran.exitCode !== 0) return { kind: "nothing", why: "Windows did not tell what its clipboard holds." }
    return pastedOf(new TextDecoder().decode(ran.out))
  }
  return undefined
}

/** The second where PATH is Linux's own. */
const PROGRAMS = ["powershell.exe", "/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe"]
/** It takes a second or two to start. */
const TIMEOUT_MS = 15_000
const BYTES_MAX = 64 * 1024 * 1024

/** Says what kind it is, then each value in base64: its own output is in a code page. */
const SCRIPT = `
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Windows.Forms, System.Drawing
$board = [System.Windows.Forms.Clipboard]
function Say($text) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)) }
if ($board::ContainsFileDropList()) { 'files'; foreach ($file in $board::GetFileDropList()) { Say $file } }
elseif ($board::ContainsText()) { 'text'; Say $board::GetText() }
elseif ($board::ContainsImage()) {
  'image'
  $stream = New-Object IO.MemoryStream
  $board::GetImage().Save($stream, [Drawing.Imaging.ImageFormat]::Png)
  [Convert]::ToBase64String($stream.ToArray())
}
else { 'nothing' }
`

async function pastedOf(said: string): Promise<Pasted> {
  const [kind = "", ...values] = said.split(/\r?\n/).filter((line) => line !== "")
  const texts = () => values.map((value) => Buffer.from(value, "base64").toString("utf8"))
  if (kind === "files") return { kind: "files", paths: texts() }
  if (kind === "text") return { kind: "text", text: texts().join("").replaceAll("\r\n", "\n") }
  if (kind === "image") return pastedImage(Buffer.from(values.join(""), "base64"))
  return { kind: "nothing", why: "The clipboard is empty." }
}
