import { accessSync, constants, existsSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { compose, type Destination, type Host, type HostRequest } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { hostRequest } from "../session/request.ts"
import { table } from "../tell/table.ts"
import type { Run, VerbCall } from "../verb.ts"
import { VERSION } from "../version.ts"
import { type AccountState, accountStates, isOfLogin, placeStates, toldLogin } from "./login/status.ts"

interface Check {
  readonly name: string
  readonly status: "ok" | "warn" | "fail"
  readonly summary: string
  readonly cure?: string | undefined
}

/** `skein doctor`: each thing skein needs, whether it is there, and the cure. Exit 1 when something fails. */
export const run: Run = async (call) => {
  const { flags, io } = call
  if (flags.has("egress")) return await egress(call)
  const checks = [build(), ...(await checksOf(hostRequest(flags, io)))]
  if (flags.has("json")) {
    io.out(jsonPage({ version: VERSION, checks }))
  } else {
    for (const { name, status, summary, cure } of checks) {
      io.out(`${status.padEnd(5)} ${name.padEnd(10)} ${summary}`)
      if (cure !== undefined) io.out(`${" ".repeat(17)}${cure}`)
    }
  }
  return checks.some((check) => check.status === "fail") ? 1 : 0
}

/** `skein doctor --egress`: every place that anything could be sent to as things are set now. */
function egress(call: VerbCall): Promise<number> {
  return withHost(call, async ({ host }) => {
    const { flags, io } = call
    const destinations = await host.destinations()
    if (flags.has("json")) io.out(jsonPage({ version: VERSION, destinations }))
    else for (const line of toldDestinations(destinations, await io.columns())) io.out(line)
    return 0
  })
}

function toldDestinations(destinations: readonly Destination[], width: number): string[] {
  const has = (purpose: Destination["purpose"]) => destinations.some((one) => one.purpose === purpose)
  return [
    ...table(
      [{}, {}, { isFlexible: true }],
      destinations.map(({ purpose, to, why }) => [purpose, to, why]),
      width,
    ),
    ...(has("model") ? [] : ["No model can be asked."]),
    ...(has("command") ? [] : ["Commands reach nothing: tools_network.access is off."]),
    "Nothing else: skein reports nothing, updates nothing and looks nothing up by itself. What left: skein egress",
  ]
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
    const logins = await accountStates(host)
    return [
      ...(await keyChecks(host, new Set(logins.map(({ id }) => id)))),
      ...logins.map(accountCheck),
      ...(await places(host)),
      ...(await sandbox(host)),
      await layers(host),
      ...folders(host),
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
async function keyChecks(host: Host, loggedIn: ReadonlySet<string>): Promise<Check[]> {
  const ready = new Map<string, string>()
  for (const model of await host.engine.ask({ type: "models.list" })) {
    if (model.isReady && !ready.has(model.provider))
      ready.set(model.provider, host.keySources.get(model.provider) ?? "no key needed")
  }
  const local = (await host.models.local()) ?? []
  const model = host.settings.model || ((await host.models.storedModel()) ?? local[0] ?? "")
  const chosen: Check =
    model === ""
      ? {
          name: "model",
          status: "fail",
          summary: "no model to ask: no key was found",
          cure: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY; keep a key, or log in with an account: skein login <provider>; or name a local one: --model ollama/…",
        }
      : { name: "model", status: "ok", summary: model }
  return [
    chosen,
    ...(local.length === 0 ? [] : [{ name: "local", status: "ok", summary: local.slice(0, 5).join(", ") } as const]),
    ...[...ready]
      .filter(([name, source]) => !loggedIn.has(name) || !isOfLogin(source))
      .map(([name, source]): Check => ({ name: "key", status: "ok", summary: `${name}: ${source}` })),
  ]
}

/** A login is as it is, and one that is over says so. */
function accountCheck(login: AccountState): Check {
  const summary = `${login.id}: ${toldLogin(login)}`
  if (login.ended === undefined) return { name: "login", status: "ok", summary }
  return { name: "login", status: "warn", summary, cure: `Run: skein login ${login.id}` }
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

/** What holds commands; every piece by itself when it is not the best there is. */
async function sandbox(host: Host): Promise<Check[]> {
  const given = await host.exec.confinement(host.settings.sandbox)
  if (given.kind === "none")
    return [{ name: "sandbox", status: "warn", summary: `commands run unconfined: ${given.reason}` }]
  const findings = await host.exec.examine()
  const pieces = findings
    .filter(({ piece }) => piece !== "rung")
    .map(({ piece, isThere, detail, cure }): Check => {
      return { name: "sandbox", status: isThere ? "ok" : "warn", summary: `${piece}: ${detail}`, cure }
    })
  if (given.kind === "unavailable")
    return [{ name: "sandbox", status: "fail", summary: given.reason, cure: given.cure }, ...pieces]
  const held = `${given.by}, ${host.settings.sandbox}`
  if (given.weaker === undefined) return [{ name: "sandbox", status: "ok", summary: held }, ...pieces]
  return [{ name: "sandbox", status: "warn", summary: `${held}. Weaker: ${given.weaker}` }, ...pieces]
}

/** Without them nothing can be tried out; everything else works. */
async function layers(host: Host): Promise<Check> {
  const given = await host.layers.available()
  if (given.isAvailable) return { name: "layers", status: "ok", summary: "commands and whole turns can be tried out" }
  return { name: "layers", status: "warn", summary: given.reason, cure: given.cure }
}

function folders({ directories }: Host): Check[] {
  const { config, data, cache } = directories
  const closed = [config, data, cache].filter((folder) => !isWritable(folder))
  return [
    { name: "folders", status: "ok", summary: `config ${config}, data ${data}, cache ${cache}` },
    ...closed.map(
      (folder): Check => ({
        name: "folders",
        status: "fail",
        summary: `${folder} cannot be written, so nothing is kept there`,
        cure: "Check who owns it and whether it can be written, or set SKEIN_HOME to another.",
      }),
    ),
  ]
}

/** Whether it, or what it would be made in, can be written. */
function isWritable(folder: string): boolean {
  let place = folder
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
    return statSync(place).isDirectory()
  } catch (error) {
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}

function warnings({ config }: Host): Check[] {
  return config.warnings.map((summary) => ({ name: "config", status: "warn", summary }))
}
