import { expect, test } from "bun:test"
import {
  STRICT_KEY,
  STRICT_PROVIDERS,
  type StrictProvider,
  signatureFault,
  strictServer,
} from "@skein/testkit/providers"
import { type Credential, type Environment, type Fetch, type LoginKind, models } from "../src/index.ts"
import { realClock } from "./asking.ts"

const ARN = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
const AWS = { accessKeyId: "ASIACANARY", secretAccessKey: "aws-secret-canary", sessionToken: "session-canary" }

/** Asks once with a login and without any key. */
async function ask(model: string, credential: Credential, fetch: Fetch, env: Environment = {}): Promise<LoginKind[]> {
  const owners: LoginKind[] = []
  const port = models({
    ...{ env, clock: realClock, fetch, key: () => undefined },
    logins: {
      state: async () => ({}),
      async credential({ login }) {
        owners.push(login)
        return credential
      },
      refused: () => false,
      accepted: () => undefined,
    },
  })
  const request = {
    ...{ model, system: ["Be brief."], tools: [], cacheKey: "ses_1" },
    messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
  } as const
  await Array.fromAsync(port.stream(request, new AbortController().signal))
  return owners
}

function strict(name: string, more: Partial<StrictProvider> = {}): StrictProvider {
  const provider = STRICT_PROVIDERS.find(({ id, model }) => `${id}/${model}` === name)
  if (provider === undefined) throw new Error(`no ${name}`)
  return { ...provider, ...more }
}

/** Answers as the provider, wherever it is asked. */
function at(origin: string): { readonly fetch: Fetch; readonly urls: string[] } {
  const urls: string[] = []
  return {
    urls,
    fetch(url, init) {
      urls.push(url)
      return fetch(origin + url.slice(new URL(url).origin.length), init)
    },
  }
}

const script = () => ({ text: "Good day." })

test("a Copilot login is asked where it says, also on an enterprise's own host", async () => {
  using server = closing(strictServer(strict("github-copilot/gpt-4.1"), { script }))
  const way = at(server.origin)
  const credential = { secret: STRICT_KEY, baseUrl: "https://copilot-api.example.com" }

  expect(await ask("github-copilot/gpt-4.1", credential, way.fetch)).toEqual(["github-copilot"])
  expect([way.urls, server.complaints]).toEqual([["https://copilot-api.example.com/chat/completions"], []])
})

test("where the person said an address, a login is asked there and nowhere else", async () => {
  using server = closing(strictServer(strict("github-copilot/gpt-4.1"), { script }))
  const credential = { secret: STRICT_KEY, baseUrl: "https://copilot-api.example.com" }
  await ask("github-copilot/gpt-4.1", credential, fetch, { GITHUB_COPILOT_BASE_URL: server.origin })

  expect([server.complaints, server.journal.length]).toEqual([[], 1])
})

test("a Google login brings its project, and the region chooses the host", async () => {
  const name = "vertex-anthropic/claude-sonnet-4-5@20250929"
  const basePath = "/v1/projects/of-the-account/locations/europe-west1/publishers/anthropic/models"
  using server = closing(strictServer(strict(name, { basePath }), { script }))
  const way = at(server.origin)
  const credential = { secret: STRICT_KEY, project: "of-the-account" }
  await ask(name, credential, way.fetch, { CLOUD_ML_REGION: "europe-west1" })

  expect(server.complaints).toEqual([])
  expect(way.urls.map((url) => new URL(url).host)).toEqual(["europe-west1-aiplatform.googleapis.com"])
})

test("a ChatGPT login adds its account to the request", async () => {
  const { manners } = strict("openai-codex/gpt-5.5")
  // A request without tools has nothing to run at once.
  const { parallel_tool_calls: _, ...needs } = manners.needs ?? {}
  const facts = { manners: { ...manners, needs }, headers: { "chatgpt-account-id": /^acc-1$/ } }
  using server = closing(strictServer(strict("openai-codex/gpt-5.5", facts), { script }))
  const credential = { secret: STRICT_KEY, headers: { "chatgpt-account-id": "acc-1" } }
  await ask("openai-codex/gpt-5.5", credential, at(server.origin).fetch)

  expect([server.complaints, server.journal.length]).toEqual([[], 1])
})

test.each([
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "ap-southeast-2"],
  [ARN, "eu-west-1"],
  ["arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3", "us-east-1"],
])("an AWS session signs for %s as AWS wants it, in %s", async (modelId, region) => {
  const seen: { url: string; fault: string | undefined }[] = []
  const reply = strict("bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0").wire.reply({ text: "Good day." }, 0, {
    fields: [],
  })
  const fetch: Fetch = async (url, init) => {
    const { pathname, host } = new URL(url)
    const headers = new Headers(init?.headers)
    headers.set("host", host)
    const signed = { method: "POST", path: pathname, headers, text: String(init?.body) }
    seen.push({ url, fault: signatureFault(signed, AWS) })
    return new Response(reply as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": "application/vnd.amazon.eventstream" },
    })
  }
  const credential = { secret: AWS.accessKeyId, aws: { ...AWS, region: "ap-southeast-2" } }

  expect(await ask(`bedrock/${modelId}`, credential, fetch)).toEqual(["aws"])
  const host = `https://bedrock-runtime.${region}.amazonaws.com`
  expect(seen).toEqual([{ url: `${host}/model/${encodeURIComponent(modelId)}/converse-stream`, fault: undefined }])
})

function closing<S extends { stop(): void }>(server: S): S & Disposable {
  return { ...server, [Symbol.dispose]: () => server.stop() }
}
