import { open, readFile } from "node:fs/promises"
import { resolve } from "node:path"

const HEAD_BYTES = 2_000
const MARK = /^.*(?:@generated|code generated .*do not edit|auto-?generated).*$/im

/** Why a file counts as generated, in words; undefined where it does not. */
export async function generatedAt(cwd: string, path: string): Promise<string | undefined> {
  const mark = MARK.exec(await headOf(resolve(cwd, path)))?.[0]
  if (mark !== undefined) return mark.trim()
  const attributes = (await textOf(resolve(cwd, ".gitattributes"))).split("\n")
  const line = attributes.find(
    (one) => one.includes("linguist-generated") && new Bun.Glob(one.split(/\s/)[0] ?? "").match(path),
  )
  return line === undefined ? undefined : `.gitattributes says so: ${line}`
}

export async function isGenerated(cwd: string, path: string): Promise<boolean> {
  return (await generatedAt(cwd, path)) !== undefined
}

async function headOf(path: string): Promise<string> {
  // A file that cannot be read says nothing of itself: the edit tells what is wrong with it.
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return ""
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead).toString()
  } finally {
    await file.close()
  }
}

function textOf(path: string): Promise<string> {
  // Most repositories have no such file.
  return readFile(path, "utf8").catch(() => "")
}
