import { runMatrix } from "./matrix.ts"
import { toolSession } from "./session.ts"

// A process of its own without privileges: makes every change of the matrix and prints what came of it.
process.setgid?.(65_534)
process.setuid?.(65_534)
const session = toolSession()
console.log(JSON.stringify(await runMatrix(session)))
session.close()
