import { execCommand, resizeCommand, terminateCommand, writeCommand } from "../command.ts"
import {
  copy,
  createDirectory,
  getMetadata,
  gitDiffToRemote,
  readDirectory,
  readFile,
  remove,
  writeFile,
} from "../fs.ts"
import type { Methods } from "../method.ts"
import { killProcess, resizeProcess, spawnProcess, writeProcess } from "../process.ts"

/** What a client does itself on the server's machine, beside every thread. */
export const MACHINE_METHODS: Methods = {
  "command/exec": execCommand,
  "command/exec/write": writeCommand,
  "command/exec/resize": resizeCommand,
  "command/exec/terminate": terminateCommand,
  "process/spawn": spawnProcess,
  "process/writeStdin": writeProcess,
  "process/resizePty": resizeProcess,
  "process/kill": killProcess,
  "fs/readFile": readFile,
  "fs/writeFile": writeFile,
  "fs/createDirectory": createDirectory,
  "fs/getMetadata": getMetadata,
  "fs/readDirectory": readDirectory,
  "fs/remove": remove,
  "fs/copy": copy,
  "fs/watch": (params, context) => context.watches.watch(params, context),
  "fs/unwatch": (params, { watches }) => watches.unwatch(params),
  gitDiffToRemote,
}
