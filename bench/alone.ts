/** Set for the copy of a program that runs without a network. */
const INSIDE = "SKEIN_BENCH_INSIDE"

/**
 * As root a program starts itself again where there is no network but loopback: no agent can reach a server, or wait
 * for one. Returns that copy's exit code, or nothing when this is the copy or there is no such place.
 */
export function withoutNetwork(program: string): number | undefined {
  if (process.env[INSIDE] !== undefined) return undefined
  const enter = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
  if (process.getuid?.() !== 0 || !Bun.spawnSync([...enter, "true"]).success) {
    console.error("Note: without root, unshare and ip the agents can see the network.")
    return undefined
  }
  const again = [...enter, process.execPath, "run", program, ...process.argv.slice(2)]
  return Bun.spawnSync(again, { env: { ...process.env, [INSIDE]: "1" }, stdio: ["inherit", "inherit", "inherit"] })
    .exitCode
}
