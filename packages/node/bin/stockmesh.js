#!/usr/bin/env node
import '../dist/cli/command.js'
