#!/usr/bin/env node
import '../build/cli/command.js'
