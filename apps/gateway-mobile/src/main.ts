import { bootstrapGateway } from '@facet/http';
import { AppModule } from './app.module.ts';
import { readConfig } from './config.ts';

await bootstrapGateway(AppModule, readConfig);
