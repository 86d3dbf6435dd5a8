import { serve } from "../protocol/serve";
import { randomProvider } from "./provider";

void serve(() => randomProvider);
