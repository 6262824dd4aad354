/** There is no DuckDB for this machine, or it was left out when sysglass was installed. */
export class MissingDuckDB extends Error {}
