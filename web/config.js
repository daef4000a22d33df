/**
 * What the page has to know of its deployment.
 * @typedef {{apiUrl: string, signInUrl: string, clientId: string}} Config
 */

/** @returns {Promise<Config>} `config.json`, which stands beside the page. */
export async function loadConfig() {
  const answer = await fetch("config.json");
  const config = answer.ok ? await answer.json() : {};
  for (const name of ["apiUrl", "signInUrl", "clientId"]) {
    if (typeof config[name] !== "string" || !config[name]) {
      throw new Error(`config.json lacks ${name}.`);
    }
  }
  return config;
}
