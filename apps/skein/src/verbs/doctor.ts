import { compose, type Host, type HostRequest } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import type { Run } from "../verb.ts"
import { VERSION } from "../version.ts"
import { placeStates } from "./login/status.ts"

interface Check {
  readonly name: string
  readonly status: "ok" | "warn" | "fail"
  readonly summary: string
  readonly cure?: string | undefined
}

/** `skein doctor`: each thing skein needs, whether it is there, and the cure. Exit 1 when something fails. */
export const run: Run = async ({ flags, io }) => {
  const checks = [build(), ...(await checksOf(hostRequest(flags, io)))]
  if (flags.has("json")) {
    io.out(JSON.stringify({ version: VERSION, checks }, undefined, 2))
  } else {
    for (const { name, status, summary, cure } of checks) {
      io.out(`${status.padEnd(5)} ${name.padEnd(10)} ${summary}`)
      if (cure !== undefined) io.out(`${" ".repeat(17)}${cure}`)
    }
  }
  return checks.some((check) => check.status === "fail") ? 1 : 0
}

/** Settings that cannot be read are a finding too, and the only one, as all else depends on them. */
async function checksOf(request: HostRequest): Promise<Check[]> {
  let host: Host
  try {
    host = compose(request)
  } catch (error) {
    if (!(error instanceof SkeinError) || error.code !== "config.invalid") throw error
    return [{ name: "config", status: "fail", summary: error.message }]
  }
  try {
    return [
      ...(await keyChecks(host)),
      ...(await places(host)),
      await sandbox(host),
      await layers(host),
      folders(host),
      ...warnings(host),
    ]
  } finally {
    await host.close()
  }
}

function build(): Check {
  return { name: "skein", status: "ok", summary: `${VERSION}, Bun ${Bun.version}, ${process.platform} ${process.arch}` }
}

/** Names where each key came from, never its value. */
async function keyChecks(host: Host): Promise<Check[]> {
  const ready = new Map<string, string>()
  for (const model of await host.engine.ask({ type: "models.list" })) {
    if (model.isReady && !ready.has(model.provider))
      ready.set(model.provider, host.keySources.get(model.provider) ?? "no key needed")
  }
  const model = host.settings.model || ((await host.models.storedModel()) ?? "")
  const chosen: Check =
    model === ""
      ? {
          name: "model",
          status: "fail",
          summary: "no model to ask: no key was found",
          cure: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY, or keep a key: skein login <provider>; or name a local one: --model ollama/…",
        }
      : { name: "model", status: "ok", summary: model }
  return [
    chosen,
    ...[...ready].map(([name, source]): Check => ({ name: "key", status: "ok", summary: `${name}: ${source}` })),
  ]
}

/** A place that nobody set up is no fault; one that is there and closed is. */
async function places(host: Host): Promise<Check[]> {
  return (await placeStates(host)).map(({ name, state, detail, cure }) => ({
    name: "secrets",
    status: state === "locked" || (state === "unavailable" && name !== "keyring") ? "warn" : "ok",
    summary: `${name}: ${state.replace("_", " ")}, ${detail}`,
    ...(cure === undefined ? {} : { cure }),
  }))
}

async function sandbox(host: Host): Promise<Check> {
  const given = await host.exec.confinement(host.settings.sandbox)
  if (given.kind === "confined")
    return { name: "sandbox", status: "ok", summary: `${given.by}, ${host.settings.sandbox}` }
  if (given.kind === "none")
    return { name: "sandbox", status: "warn", summary: `commands run unconfined: ${given.reason}` }
  return { name: "sandbox", status: "fail", summary: given.reason, cure: given.cure }
}

/** Without them nothing can be tried out; everything else works. */
async function layers(host: Host): Promise<Check> {
  const given = await host.layers.available()
  if (given.isAvailable) return { name: "layers", status: "ok", summary: "commands and whole turns can be tried out" }
  return { name: "layers", status: "warn", summary: given.reason, cure: given.cure }
}

function folders({ directories }: Host): Check {
  const { config, data, cache } = directories
  return { name: "folders", status: "ok", summary: `config ${config}, data ${data}, cache ${cache}` }
}

function warnings({ config }: Host): Check[] {
  return config.warnings.map((summary) => ({ name: "config", status: "warn", summary }))
}
