import { Module } from '@nestjs/common';
import { CatalogClient } from './catalog.client.ts';

@Module({ providers: [CatalogClient], exports: [CatalogClient] })
export class CatalogClientModule {}
