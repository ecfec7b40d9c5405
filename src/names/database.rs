//! The platforms of databases that were read by queries alone; one whose host was collected too is a product of that host.

use super::Platform;

/// Dameng DM8.
pub const DAMENG: &Platform = &Platform { name: "dameng", kind: "db.dameng" };
/// MongoDB.
pub const MONGODB: &Platform = &Platform { name: "mongodb", kind: "db.mongodb" };
/// MySQL and MariaDB.
pub const MYSQL: &Platform = &Platform { name: "mysql", kind: "db.mysql" };
/// OceanBase.
pub const OCEANBASE: &Platform = &Platform { name: "oceanbase", kind: "db.oceanbase" };
/// Oracle Database.
pub const ORACLE: &Platform = &Platform { name: "oracle", kind: "db.oracle" };
/// PostgreSQL, openGauss and KingbaseES.
pub const POSTGRESQL: &Platform = &Platform { name: "postgresql", kind: "db.postgresql" };
/// Redis.
pub const REDIS: &Platform = &Platform { name: "redis", kind: "db.redis" };
/// Microsoft SQL Server.
pub const SQLSERVER: &Platform = &Platform { name: "sqlserver", kind: "db.sqlserver" };

/// Every platform of databases, sorted by name.
pub static DATABASES: &[&Platform] = &[DAMENG, MONGODB, MYSQL, OCEANBASE, ORACLE, POSTGRESQL, REDIS, SQLSERVER];
