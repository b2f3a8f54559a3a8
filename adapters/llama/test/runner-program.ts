import { linesOf } from "../src/child.ts"
import { runRunner } from "../src/runner/runner.ts"

const out = Bun.stdout.writer()
const code = await runRunner({
  lines: linesOf(Bun.stdin.stream()),
  write(line) {
    out.write(`${line}\n`)
    out.flush()
  },
})
process.exit(code)
