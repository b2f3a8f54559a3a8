import { logOut, noAccount, readUsage, startLogin } from "../accounts.ts"
import { capabilities, detectForeign, listProfiles, listProviders, noFeatures, saveFeedback } from "../beside.ts"
import type { Methods } from "../method.ts"
import {
  addMarketplace,
  installPlugin,
  listInstalled,
  listPlugins,
  readPlugin,
  removeMarketplace,
  removePlugin,
  upgradeMarketplace,
} from "../plugins.ts"
import { callTool, listServers, logInToServer, readResource, reloadServers } from "../servers.ts"
import { readSettingsFile, writeSetting, writeSettings } from "../settings-file.ts"

/** What is the person's, and of no thread. */
export const PERSONAL_METHODS: Methods = {
  "config/read": readSettingsFile,
  "config/value/write": writeSetting,
  "config/batchWrite": writeSettings,
  "config/mcpServer/reload": (_params, context) => reloadServers(context),
  "mcpServerStatus/list": listServers,
  "mcpServer/tool/call": callTool,
  "mcpServer/resource/read": readResource,
  "mcpServer/oauth/login": logInToServer,
  "plugin/list": listPlugins,
  "plugin/installed": listInstalled,
  "plugin/read": readPlugin,
  "plugin/install": installPlugin,
  "plugin/uninstall": removePlugin,
  "marketplace/add": addMarketplace,
  "marketplace/remove": removeMarketplace,
  "marketplace/upgrade": upgradeMarketplace,
  "account/login/start": startLogin,
  "account/logout": logOut,
  "account/usage/read": readUsage,
  "account/rateLimits/read": noAccount("rate limits"),
  "account/workspaceMessages/read": noAccount("workspace messages"),
  "feedback/save": saveFeedback,
  "externalAgentConfig/detect": detectForeign,
  "permissionProfile/list": listProfiles,
  "experimentalFeature/list": noFeatures,
  "modelProvider/list": listProviders,
  "modelProvider/capabilities/read": capabilities,
  // Apps are a service of one provider's; none is installed, which is an answer.
  "app/list": () => ({ result: { data: [], nextCursor: null } }),
  "app/installed": () => ({ result: { apps: [] } }),
  "app/read": ({ appIds }) => ({ result: { apps: [], missingAppIds: Array.isArray(appIds) ? appIds : [] } }),
  "plugin/reconcile": () => ({
    result: { changedPlugins: [], failedRemotePluginIds: [], failedMaterializationRemotePluginIds: [] },
  }),
}
