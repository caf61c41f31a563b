"""Files with the fields of the national system's messages (国家中药材流通追溯体系), as XML."""
