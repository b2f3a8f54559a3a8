import { existsSync } from "node:fs"

/** Stops and continues one process, again and again, until this thread is ended. See `quota.ts`. */
declare const self: Worker

self.onmessage = ({ data }: MessageEvent<{ pid: number; onMs: number; offMs: number }>) => {
  const { pid, onMs, offMs } = data
  // Nothing wakes it: a wait on a cell that never changes is a sleep that is exact.
  const never = new Int32Array(new SharedArrayBuffer(4))
  while (existsSync(`/proc/${pid}`)) {
    process.kill(pid, "SIGSTOP")
    Atomics.wait(never, 0, 0, offMs)
    process.kill(pid, "SIGCONT")
    Atomics.wait(never, 0, 0, onMs)
  }
}
