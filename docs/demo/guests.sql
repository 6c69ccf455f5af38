-- The demo's table: made anew by each run.
set client_min_messages = warning;
drop table if exists guest;
create table guest (id int primary key, name text not null);
insert into guest values (1, 'Ada'), (2, 'Grace'), (3, 'Edsger');
