// Node-RED with nothing but the runtime: no editor, no admin interface, no metrics.
module.exports = {
    uiPort: Number(process.env.BENCH_PORT || 0),
    uiHost: "127.0.0.1",
    httpAdminRoot: false,
    httpNodeRoot: false,
    disableEditor: true,
    flowFile: "flows.json",
    userDir: __dirname,
    telemetry: { enabled: false },
    functionExternalModules: false,
    logging: { console: { level: "info", metrics: false, audit: false } },
};
