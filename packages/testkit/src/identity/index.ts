/** Identity servers on loopback, for logins from beginning to end. */
export { type AmazonServer, amazon } from "./amazon.ts"
export { type ChatGptServer, chatGpt } from "./chat-gpt.ts"
export { type GithubServer, github } from "./github.ts"
export { type GoogleServer, google } from "./google.ts"
export { type OAuthOptions, type OAuthServer, oauth } from "./oauth.ts"
export { type Asked, type IdentityServer, identityServer } from "./served.ts"
