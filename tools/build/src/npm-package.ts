import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/**
 * Lays out the npm package and packs it. One package per platform, holding the binary itself: `npm install -g` makes a
 * link to it, so nothing runs at installation and no Node stands between the shell and skein. Gives the tarball's path.
 */
export function packTarball(options: { binary: string; version: string; folder: string; documents: string }): string {
  const { binary, version, folder, documents } = options
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, "bin"), { recursive: true })
  cpSync(binary, join(folder, "bin/skein"))
  chmodSync(join(folder, "bin/skein"), 0o755)
  for (const name of ["README.md", "LICENSE", "CHANGELOG.md"]) {
    if (existsSync(join(documents, name))) copyFileSync(join(documents, name), join(folder, name))
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(version), undefined, 2)}\n`)
  const packed = Bun.spawnSync(["npm", "pack", "--silent", "--ignore-scripts"], { cwd: folder, stderr: "inherit" })
  if (!packed.success) throw new Error(`npm pack ended with ${packed.exitCode} in ${folder}`)
  return join(folder, packed.stdout.toString().trim().split("\n").at(-1) ?? "")
}

function manifest(version: string): Record<string, unknown> {
  return {
    name: "skein",
    version,
    description: "A composable AI coding agent in the terminal: one binary, every client equal",
    license: "MIT",
    bin: { skein: "bin/skein" },
    files: ["bin/skein", "README.md", "LICENSE", "CHANGELOG.md"],
    os: [process.platform],
    cpu: [process.arch],
    ...(process.platform === "linux" ? { libc: ["glibc"] } : {}),
  }
}
