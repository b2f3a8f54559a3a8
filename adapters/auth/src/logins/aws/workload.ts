import { SkeinError } from "@skein/protocol"
import { keyFileReader } from "../../key-file.ts"
import { fieldsOf } from "../fields.ts"
import { type Ground, said } from "../ground.ts"
import { type Answer, ask, refusalText } from "../request.ts"
import { type AwsKeys, keysIn } from "./keys.ts"
import { regionName } from "./sso.ts"

/** What a machine of AWS gives to what runs on it: known by variables alone, so that nothing is asked for to find out. */
export interface Workload {
  /** For people. */
  readonly source: string
  /** The address that is asked. */
  readonly server: string
  keys(signal: AbortSignal | undefined): Promise<AwsKeys>
}

/** "Container credential provider" and "Assume role with web identity", AWS SDKs and Tools Reference Guide. */
export function workload(ground: Ground): Workload | undefined {
  return webIdentity(ground) ?? container(ground)
}

/** Addresses of the machine that a container runs on: they have no certificate. */
const CONTAINER_HOSTS = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

function webIdentity({ env, fetch, now, isAllowed }: Ground): Workload | undefined {
  const [file, role] = [said(env, "AWS_WEB_IDENTITY_TOKEN_FILE"), said(env, "AWS_ROLE_ARN")]
  if (file === undefined || role === undefined || !isAllowed("key_file")) return undefined
  const region = said(env, "AWS_REGION", "AWS_DEFAULT_REGION")
  const usual = `https://sts.${region === undefined ? "" : `${regionName(region)}.`}amazonaws.com`
  const server = said(env, "AWS_ENDPOINT_URL_STS") ?? usual
  return {
    ...{ source: "environment variable AWS_WEB_IDENTITY_TOKEN_FILE", server },
    async keys(signal) {
      const answer = await ask(fetch, {
        ...{ url: server, what: `take the role ${role}`, signal },
        form: {
          ...{ Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15", RoleArn: role },
          RoleSessionName: said(env, "AWS_ROLE_SESSION_NAME") ?? `skein-${now()}`,
          WebIdentityToken: keyFileReader(file)().text.trim(),
        },
      })
      const response = fieldsOf(answer.fields.AssumeRoleWithWebIdentityResponse)
      const result = fieldsOf(response?.AssumeRoleWithWebIdentityResult)
      return keysIn(fieldsOf(result?.Credentials)) ?? refuse(answer, `the role ${role}`)
    },
  }
}

function container({ env, fetch, isAllowed }: Ground): Workload | undefined {
  const relative = said(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
  const url =
    relative === undefined ? said(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI") : `http://169.254.170.2${relative}`
  if (url === undefined || !isAllowed("environment")) return undefined
  return {
    ...{ source: "environment variable AWS_CONTAINER_CREDENTIALS_FULL_URI", server: url },
    async keys(signal) {
      const file = said(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
      const token =
        file === undefined ? said(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN") : keyFileReader(file)().text.trim()
      const isPlain = URL.canParse(url) && CONTAINER_HOSTS.includes(new URL(url).hostname)
      const answer = await ask(fetch, {
        ...{ url, isPlain, what: "get the keys of the container", method: "GET", signal },
        ...(token === undefined ? {} : { headers: { authorization: token } }),
      })
      return keysIn(answer.fields) ?? refuse(answer, "the container")
    },
  }
}

function refuse(answer: Answer, whose: string): never {
  const why = `${answer.host} answered ${refusalText(answer)}`
  throw new SkeinError("login.refused", `AWS gives no keys of ${whose}: ${why}.`)
}
