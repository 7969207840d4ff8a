console.log('stockmesh')
