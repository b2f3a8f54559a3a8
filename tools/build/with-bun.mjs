// Runs a command with the workspace's own Bun, after making sure it and the packages are there.
// Plain Node, because a fresh clone has nothing else: `node with-bun.mjs <bun arguments...>`.
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { constants } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "../..")
const bun = join(root, "node_modules/bun/bin/bun.exe")
const stamp = join(root, "node_modules/.skein-installed")
const lock = join(root, "bun.lock")

/** The packages are as the lock file says when the stamp holds the lock file's own text. */
function isInstalled() {
  return existsSync(bun) && existsSync(stamp) && readFileSync(stamp, "utf8") === readFileSync(lock, "utf8")
}

/** The exit status of a command. A person's Ctrl+C reaches it too, and it decides what that means. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit" })
    const forward = (signal) => child.kill(signal)
    const ignore = () => {}
    process.on("SIGINT", ignore).on("SIGTERM", forward).on("SIGHUP", forward)
    child.on("error", reject)
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore).off("SIGTERM", forward).off("SIGHUP", forward)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}

if (!isInstalled()) {
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.bun
  console.error(`Installing the packages of bun.lock with Bun ${version} …`)
  const status = await run("npx", ["--yes", `bun@${version}`, "install", "--frozen-lockfile"])
  if (status !== 0) {
    console.error("The packages could not be installed. Check that npm reaches its registry, then run this again.")
    process.exit(status)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, readFileSync(lock, "utf8"))
}
process.exit(await run(bun, process.argv.slice(2)))
