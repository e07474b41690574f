export { EngineLog } from "../../../plugin/engine-log";
